import {formatMs, promDuration} from '../../core/duration.ts'
import type {Series} from '../prometheus/answer.ts'
import type {Prometheus} from '../prometheus/prometheus.ts'
import {needsOf} from '../promql.ts'
import type {Question} from './question.ts'

/** Into how many steps a window is cut to see where it has data. */
const STEPS = 60
/** The part of the steps that must have some: what is missing at both ends of a window is no gap. */
const ENOUGH = 0.9

/** What is wrong with the data of a window: it is longer than they are, or has holes. Undefined where all is well. */
export async function coverageOf(prometheus: Prometheus, question: Question): Promise<string | undefined> {
  const {objective, from, to} = question
  const stepMs = Math.max(1000, Math.ceil((to - from) / STEPS))
  const query = needsOf(objective.prometheus)
    .map((selector) => `count(${selector})`)
    .join(' or ')
  return gapIn(await prometheus.range(query, {from: from + stepMs, to, stepMs}), {from, to, stepMs})
}

function gapIn(
  series: readonly Series[],
  {from, to, stepMs}: {from: number; to: number; stepMs: number},
): string | undefined {
  const times = new Set(series.flatMap(({points}) => points.map(([time]) => time)))
  const expected = Math.max(1, Math.floor((to - from) / stepMs))
  if (times.size / expected >= ENOUGH) return undefined
  const window = `the window of ${formatMs(to - from)}`
  const first = Math.min(...times)
  const known = to - first + stepMs
  if (times.size * stepMs >= ENOUGH * known - stepMs && known < to - from) {
    return `${window} is longer than the data, which begin ${formatMs(known)} before its end (--window ${promDuration(known - (known % 1000))})`
  }
  return `only ${Math.floor((100 * times.size) / expected)} % of ${window} has data`
}
