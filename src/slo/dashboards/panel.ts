import * as bargauge from '@grafana/grafana-foundation-sdk/bargauge'
import type {Builder} from '@grafana/grafana-foundation-sdk/cog'
import {StackingConfigBuilder, StackingMode} from '@grafana/grafana-foundation-sdk/common'
import {
  ThresholdsConfigBuilder,
  ThresholdsMode,
  type GridPos,
  type Panel,
  type Threshold,
} from '@grafana/grafana-foundation-sdk/dashboard'
import * as gauge from '@grafana/grafana-foundation-sdk/gauge'
import * as heatmap from '@grafana/grafana-foundation-sdk/heatmap'
import * as piechart from '@grafana/grafana-foundation-sdk/piechart'
import {DataqueryBuilder, PromQueryFormat} from '@grafana/grafana-foundation-sdk/prometheus'
import * as stat from '@grafana/grafana-foundation-sdk/stat'
import * as table from '@grafana/grafana-foundation-sdk/table'
import * as timeseries from '@grafana/grafana-foundation-sdk/timeseries'
import type {PanelDescription} from './description.ts'

/** The variable by which one dashboard serves every Prometheus that a Grafana knows. */
const datasource = {type: 'prometheus', uid: '${datasource}'} as const

/** Of 24 columns; what shows one number needs less room than what shows a course. */
const kinds = {
  timeseries: {columns: 12, format: PromQueryFormat.TimeSeries},
  heatmap: {columns: 12, format: PromQueryFormat.Heatmap},
  table: {columns: 12, format: PromQueryFormat.Table},
  piechart: {columns: 8, format: PromQueryFormat.TimeSeries},
  bargauge: {columns: 8, format: PromQueryFormat.TimeSeries},
  gauge: {columns: 6, format: PromQueryFormat.TimeSeries},
  stat: {columns: 6, format: PromQueryFormat.TimeSeries},
} as const satisfies Readonly<Record<PanelDescription['kind'], object>>
const COLUMNS = 24
const ROWS = 8

/** Panels side by side as far as they fit; the builder's own flow lets a wide one stick out at the right. */
export function placed(panels: readonly PanelDescription[]): (readonly [PanelDescription, GridPos])[] {
  let [x, y] = [0, 0]
  return panels.map((panel) => {
    const w = kinds[panel.kind].columns
    if (x + w > COLUMNS) [x, y] = [0, y + ROWS]
    const place = {x, y, w, h: ROWS}
    x += w
    return [panel, place] as const
  })
}

/** One panel of Grafana. */
export function panelOf(description: PanelDescription, place: GridPos): Builder<Panel> {
  const {title, kind, unit, queries, thresholds, note} = description
  const {format} = kinds[kind]
  const panel = builderOf(description).title(title).datasource(datasource).gridPos(place)
  if (note !== undefined) panel.description(note)
  if (unit !== undefined) panel.unit(unit)
  if (thresholds) panel.thresholds(new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps(steps(thresholds)))
  // What shows one number asks once for it, what shows a course for every point.
  const once = kind !== 'timeseries' && kind !== 'heatmap'
  for (const [index, {expr, legend}] of queries.entries()) {
    const query = new DataqueryBuilder().expr(expr).refId(refId(index)).format(format)
    if (legend !== undefined) query.legendFormat(legend)
    panel.withTarget(once ? query.instant() : query.range())
  }
  return panel
}

function builderOf({kind, stacked}: PanelDescription) {
  switch (kind) {
    case 'timeseries': {
      const panel = new timeseries.PanelBuilder()
      if (!stacked) return panel
      return panel.stacking(new StackingConfigBuilder().mode(StackingMode.Normal)).fillOpacity(20)
    }
    case 'heatmap':
      return new heatmap.PanelBuilder().calculate(false)
    case 'table':
      return new table.PanelBuilder()
    case 'piechart':
      return new piechart.PanelBuilder()
    case 'bargauge':
      return new bargauge.PanelBuilder()
    case 'gauge':
      return new gauge.PanelBuilder()
    case 'stat':
      return new stat.PanelBuilder()
  }
}

/** Grafana's first step has no value: it holds for all that lies below the next. */
function steps(thresholds: NonNullable<PanelDescription['thresholds']>): Threshold[] {
  const [first, ...rest] = thresholds.toSorted((a, b) => a.value - b.value)
  if (!first) return []
  const beginning = first.value === 0 ? [{value: null, color: first.color}] : [{value: null, color: 'green'}, first]
  return [...beginning, ...rest]
}

/** "A", "B", … "Z", "AA". */
function refId(index: number): string {
  const letter = String.fromCharCode(65 + (index % 26))
  return index < 26 ? letter : `${refId(Math.floor(index / 26) - 1)}${letter}`
}
