import {promDuration} from '../../core/duration.ts'
import type {Prometheus} from '../prometheus/prometheus.ts'
import type {Unit} from '../../core/prometheus-source.ts'
import type {Tally} from '../../core/tally.ts'
import {bucketsIn, countUpTo, neighboursOf, quantileOf, type Bucket} from '../../core/buckets.ts'
import {limitsIn, scaleOf, type Limits} from '../../core/limits.ts'
import {nothing, type Measure} from './question.ts'

/** Counts what lies below each limit, from the buckets: summed over instances, `le` read as a number. */
export const measureHistogram: Measure<{histogram: string; unit: Unit}> = async (prometheus, question) => {
  const {objective, from, to} = question
  const {prometheus: source, bounds, unit} = objective
  const {display} = prometheus
  const increase = `increase(${source.histogram}_bucket[${promDuration(to - from)}])`
  const [counts, series] = await Promise.all([
    prometheus.instant(`sum by (le) (${increase})`, to),
    prometheus.instant(`count by (le) (${increase})`, to),
  ])
  const buckets = bucketsIn(counts, series)
  const all = buckets.at(-1)
  if (all?.le !== Infinity) return [nothing(question, display, await whyNoBuckets(prometheus, source.histogram, to))]
  if (all.count === 0) return [nothing(question, display, `no events: ${source.histogram} did not grow`)]

  const judged = bounds.map((bound) => tallyWithin(buckets, limitsIn(source, objective, bound)))
  const promised = bounds.find(({level}) => level === 'target') ?? bounds[0]
  const value = promised && quantileOf(buckets, promised.share)
  const unknown = [
    ...new Set(judged.flatMap((one) => (typeof one === 'string' ? [`${source.histogram}: ${one}`] : []))),
  ]
  return [
    {
      target: display,
      tallies: judged.map((one) => (typeof one === 'string' ? {good: 0, total: 0} : one)),
      notes: [],
      ...(value !== undefined && {value: value / scaleOf(source, unit)}),
      ...(unknown.length > 0 && {unknown: unknown.join('; ')}),
    },
  ]
}

/** A native histogram has the name itself for its series, and its buckets end where no promise does. */
async function whyNoBuckets(prometheus: Prometheus, name: string, at: number): Promise<string> {
  const native = await prometheus.instant(`count(${name})`, at)
  return native.length === 0
    ? `no data: ${name}_bucket has no two samples in the window`
    : `no data: ${name} is a native histogram, and limits need classic buckets beside it (always_scrape_classic_histograms)`
}

/** The events within limits, or why the buckets do not tell. Values between two buckets are not guessed at. */
export function tallyWithin(buckets: readonly Bucket[], {min, max}: Limits): Tally | string {
  const total = buckets.at(-1)?.count ?? 0
  const below = max === undefined ? (min === undefined ? undefined : total) : countUpTo(buckets, max)
  const under = min === undefined ? 0 : countUpTo(buckets, min)
  if (below === undefined || under === undefined) {
    const limit = below === undefined ? max : min
    return limit === undefined
      ? 'the bound has no limit, and a histogram knows no good events without'
      : neighboursOf(buckets, limit)
  }
  // Sums over instances are extrapolated each by itself: rounding may carry a part past the whole.
  return {good: Math.min(total, Math.max(0, below - under)), total, estimated: true}
}
