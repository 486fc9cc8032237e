import type {DrillResult} from '../../../core/drill-result.ts'
import {judgedPhase} from '../../../core/drill-digest.ts'
import {wordsOf} from '../../../core/load-words.ts'
import type {Report} from '../../../core/report.ts'
import {measures} from '../../../load/measures.ts'
import {latencyAxis, quantileAxis} from '../chart/axes.ts'
import type {Line} from '../chart/chart.ts'
import {figure} from '../chart/figure.ts'
import {limitsOf, requestIndicators, tripIndicators} from '../limits.ts'
import {html, type Markup} from '../markup.ts'

/** Every latency up to its longest: an average hides what a percentile shows, and a percentile what the maximum shows. */
export function quantilesFigure({verdicts}: Report, drill: DrillResult): Markup {
  const trends = judgedPhase(drill)?.trends ?? {}
  const words = wordsOf(drill)
  const shown = [
    [measures.rttMs, words.trip],
    [measures.requestMs, 'request'],
    [measures.connectMs, words.connect],
    [measures.readyMs, words.ready],
    [measures.matchMs, 'match'],
  ] as const
  const counts = shown.flatMap(([name]) => trends[name]?.count ?? [])
  if (counts.length === 0) return html``
  const last = 1 - 1 / Math.max(2, ...counts)
  const lines = shown.flatMap(([name, title]): Line[] => {
    const values = trends[name]
    return values ? [{name: title, points: curve(values, last)}] : []
  })
  const limits = limitsOf(verdicts, [...tripIndicators, ...requestIndicators, 'match_latency'])
  const values = lines.flatMap(({points}) => points.flatMap(([, value]) => value ?? []))
  const chart = {
    title: 'Latency by percentile',
    x: quantileAxis(last),
    y: latencyAxis([...values, ...limits.map(({at}) => at)]),
    lines,
    limits,
  }
  return figure(chart, {
    half: true,
    height: 260,
    note: 'Of the judged part. The tail is drawn out, the last point is the longest.',
  })
}

/** "p(99.9)" stands at 0.999; quantiles beyond the last sample say nothing of their own. */
function curve(values: Readonly<Record<string, number>>, last: number): [number, number][] {
  const known = Object.entries(values).flatMap(([name, value]): [number, number][] => {
    const share = Number(/^p\((.+)\)$/.exec(name)?.[1]) / 100
    return share < last ? [[share, value]] : []
  })
  const {min, max} = values
  return [
    ...(min === undefined ? [] : [[0, min] as [number, number]]),
    ...known,
    ...(max === undefined ? [] : [[last, max] as [number, number]]),
  ].sort(([a], [b]) => a - b)
}
