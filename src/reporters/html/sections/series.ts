import type {DrillResult, Quantiles, SeriesPoint} from '../../../core/drill-result.ts'
import {wordsOf, type LoadWords} from '../../../core/load-words.ts'
import type {Report} from '../../../core/report.ts'
import type {CheckedVerdict} from '../../../core/verdict.ts'
import {phaseAt} from '../../../load/curve.ts'
import {boundMetric} from '../../../load/measures.ts'
import {percent} from '../../share.ts'
import {highShareAxis, latencyAxis, levelAxis, lowShareAxis, timeAxis} from '../chart/axes.ts'
import type {Axis, Band, Chart, Limit, Line} from '../chart/chart.ts'
import {figure} from '../chart/figure.ts'
import {html, type Markup} from '../markup.ts'
import {limitsOf, requestIndicators, tripIndicators} from '../limits.ts'
import {capital} from '../numbers.ts'
import {thinned} from '../thin.ts'

/** Everything that was seen from second to second, one drawing below the other on the same time. */
export function seriesSection(report: Report, drill: DrillResult): Markup {
  if (drill.series.length === 0) return html``
  const {series, seconds} = thinned(drill.series)
  const frame = {
    x: timeAxis(Math.max(drill.phases.at(-1)?.endMs ?? 0, series.at(-1)?.ms ?? 0)),
    bands: drill.phases.map(({name, startMs, endMs, judged}): Band => ({
      name,
      from: startMs,
      to: endMs,
      strong: judged,
    })),
  }
  const words = wordsOf(drill)
  const verdicts = report.verdicts.filter(({source}) => source === 'drill')
  const charts = [
    ...clients(series, words),
    ...rates(series, words),
    ...latencies(series, {kind: 'rtt', title: `${words.trip}s`, limits: limitsOf(verdicts, tripIndicators)}),
    ...latencies(series, {kind: 'request', title: 'requests', limits: limitsOf(verdicts, requestIndicators)}),
    ...within(series, verdicts, (ms) => phaseAt(drill.phases, ms)?.judged === true),
    ...errors(series),
    ...cpu(series, drill, words),
  ]
  const beside = charts.flatMap(({limits = []}) => limits.map(({short}) => short.length))
  const margins = {left: TICK, right: Math.max(0, ...beside)}
  return html`<section aria-labelledby="series">
    <h2 id="series">From second to second</h2>
    <p class="note">
      The shaded parts are
      judged.${seconds > 1 && ` A point stands for ${seconds} seconds: loads are their mean, latencies and errors their worst.`}
    </p>
    ${charts.map((chart) => figure({...frame, ...chart}, {height: chart.low ? 150 : 210, margins}))}
  </section> `
}

/** As long as "99.95 %". */
const TICK = 7

interface Part extends Omit<Chart, 'x'> {
  readonly low?: boolean
}

function clients(series: readonly SeriesPoint[], words: LoadWords): Part[] {
  if (series.every(({plannedSockets, openSockets}) => plannedSockets + openSockets === 0)) return []
  const lines = [
    line('open', series, ({openSockets}) => openSockets),
    line('planned', series, ({plannedSockets}) => plannedSockets),
  ]
  return [{title: capital(words.clients), y: axisOf(lines, (values) => levelAxis(words.clients, values)), lines}]
}

function rates(series: readonly SeriesPoint[], words: LoadWords): Part[] {
  const lines = [
    line(words.trips, series, ({roundTrips}) => roundTrips),
    line(words.begun, series, ({connects}) => connects),
    line('requests', series, ({requests}) => requests),
  ].filter(({points}) => points.some(([, value]) => value !== null && value > 0))
  return lines.length === 0
    ? []
    : [{title: 'Load made', y: axisOf(lines, (values) => levelAxis('a second', values)), lines, low: true}]
}

interface Latencies {
  readonly kind: 'rtt' | 'request'
  readonly title: string
  readonly limits: readonly Limit[]
}

function latencies(series: readonly SeriesPoint[], {kind, title, limits}: Latencies): Part[] {
  const quantile = (name: keyof Quantiles) => line(name, series, (point) => point[kind]?.[name] ?? null)
  const lines = [quantile('p50'), quantile('p95'), quantile('p99'), quantile('max')]
  if (series.every((point) => point[kind] === undefined)) return []
  const y = axisOf(lines, (values) => latencyAxis([...values, ...limits.map(({at}) => at)]))
  return [{title: capital(title), y, lines, limits}]
}

const MOST_LINES = 6

function within(
  series: readonly SeriesPoint[],
  verdicts: readonly CheckedVerdict[],
  isJudged: (ms: number) => boolean,
): Part[] {
  const promised = verdicts.flatMap(({objective, title, bounds: [bound]}) => {
    if (!bound) return []
    const metric = boundMetric(objective, bound.level)
    const share = line(title, series, (point) => point.within[metric] ?? null)
    return share.points.some(([, value]) => value !== null) ? [{share, bound}] : []
  })
  const shown = promised.slice(0, MOST_LINES)
  if (shown.length === 0) return []
  const lines = shown.map(({share}) => share)
  const judged = lines.flatMap(({points}) =>
    points.flatMap(([at, value]) => (value !== null && isJudged(at) ? value : [])),
  )
  const shares = Map.groupBy(shown, ({bound}) => bound.share)
  const limits = [...shares].map(([at, sharing]) => ({
    at,
    label: `promised: ${percent(at)}${shares.size > 1 ? ` (${sharing.map(({share}) => share.name).join(', ')})` : ''}`,
    short: percent(at),
  }))
  return [
    {
      title: 'Good events',
      // What happens while sockets open or close would hide what is judged.
      y: highShareAxis('share in time and good', [...judged, ...limits.map(({at}) => at)]),
      lines,
      limits,
    },
  ]
}

function errors(series: readonly SeriesPoint[]): Part[] {
  const lines = [line('errors', series, (point) => point.errors)]
  return [
    {title: 'Errors', y: axisOf(lines, (values) => lowShareAxis('share of all that ended', values)), lines, low: true},
  ]
}

function cpu(series: readonly SeriesPoint[], {gates}: DrillResult, {generator}: LoadWords): Part[] {
  const lines = [line(generator, series, (point) => point.cpu)]
  if (series.every((point) => point.cpu === null)) return []
  const gate = gates.find(({name}) => name === 'cpu')
  const limits = gate
    ? [{at: gate.limit, label: `beyond ${percent(gate.limit)} nobody believes it`, short: percent(gate.limit)}]
    : []
  const y = axisOf(lines, (values) => lowShareAxis('share of all cores', [...values, ...limits.map(({at}) => at)]))
  return [{title: 'Generator', y, lines, limits, low: true}]
}

function line(name: string, series: readonly SeriesPoint[], pick: (point: SeriesPoint) => number | null): Line {
  return {name, points: series.map((point) => [point.ms, pick(point)] as const)}
}

function axisOf(lines: readonly Line[], make: (values: readonly number[]) => Axis): Axis {
  return make(lines.flatMap(({points}) => points.flatMap(([, value]) => value ?? [])))
}
