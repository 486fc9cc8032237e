import {bucketsIn} from '../../core/buckets.ts'
import type {Objective} from '../../core/objective.ts'
import type {PrometheusSource} from '../../core/prometheus-source.ts'
import type {CheckResult} from '../../core/result.ts'
import {quantile} from '../../core/stats.ts'
import {tally} from '../../core/tally.ts'
import type {CheckedVerdict} from '../../core/verdict.ts'
import {limitsIn, scaleOf} from '../../core/limits.ts'
import {tallyWithin} from '../measure/histogram.ts'
import type {Finding} from '../measure/question.ts'
import {verdictOf} from '../verdict-of.ts'
import {levelsIn} from './level.ts'
import {readingsOf, type Reading} from './reading.ts'
import {growth} from './select.ts'

type Judged = Objective & {readonly prometheus: PrometheusSource}

/** Judges by pages of metrics what these can tell: counters by the difference of two reads, levels by each read. */
export function judgeReadings(
  results: readonly CheckResult[],
  objectives: readonly Objective[],
  {strict}: {readonly strict: boolean},
): CheckedVerdict[] {
  const judged = objectives.filter(
    (one): one is Judged => one.sources.includes('metrics') && one.prometheus !== undefined,
  )
  const pages = results
    .filter(({probe}) => probe === 'metrics')
    .map((result) => ({result, readings: readingsOf(result.attempts)}))
  return judged.flatMap((objective) => {
    const telling = new Set(pages.filter(({readings}) => tellsOf(objective, readings)).map(({result}) => result.check))
    return pages
      .filter(({result}) => telling.size === 0 || telling.has(result.check))
      .map(({result: {check, target, skipped}, readings}) => {
        const found = {...read(objective, readings), target}
        const verdict = verdictOf(objective, found, {source: 'metrics', checks: [check], strict})
        return skipped === undefined ? verdict : {...verdict, status: 'skipped', why: skipped}
      })
  })
}

/** Whether a page has anything that the objective asks for: that of another exporter has not. */
function tellsOf({prometheus}: Judged, readings: readonly Reading[]): boolean {
  const asked = new Set(JSON.stringify(prometheus).match(/[a-zA-Z_:][\w:]*/g))
  return readings.some(({samples}) =>
    samples.some(({name}) => asked.has(name) || asked.has(name.replace(/_(bucket|sum|count)$/, ''))),
  )
}

type Read = Omit<Finding, 'target'>

function read(objective: Judged, readings: readonly Reading[]): Read {
  const {prometheus: source} = objective
  const [first, last] = [readings[0], readings.at(-1)]
  if (!first || !last) return unknown(objective, 'nothing was read')
  if ('level' in source) return ofLevel(objective, source.level, readings)
  if ('up' in source) return unknown(objective, 'only Prometheus knows when a target is up')
  if (first === last)
    return unknown(objective, 'counters tell by the difference of two reads, and one was made (attempts: 2)')
  if ('histogram' in source) return ofHistogram(objective, source.histogram, {first, last})
  return ofRatio(objective, source, {first, last})
}

interface Pair {
  readonly first: Reading
  readonly last: Reading
}

function ofRatio(
  {bounds}: Judged,
  source: Exclude<PrometheusSource, {unit: unknown} | {up: unknown}>,
  {first, last}: Pair,
): Read {
  const grown = (selectors: readonly string[]) =>
    selectors.flatMap((selector) => growth(selector, first, last)).reduce((sum, {value}) => sum + value, 0)
  const total = grown(source.total)
  const part = 'good' in source ? grown(source.good) : total - grown(source.bad)
  const good = Math.min(total, Math.max(0, part))
  const why = total === 0 ? {unknown: `no events: ${source.total.join(' + ')} did not grow between two reads`} : {}
  return {tallies: bounds.map(() => ({good, total})), notes: [], ...why}
}

function ofHistogram(objective: Judged, name: string, {first, last}: Pair): Read {
  const grown = growth(`${name}_bucket`, first, last)
  const buckets = bucketsIn(
    grown,
    grown.map((one) => ({...one, value: 1})),
  )
  if ((buckets.at(-1)?.count ?? 0) === 0) return unknown(objective, `no events: ${name} did not grow between two reads`)
  const judged = objective.bounds.map((bound) => tallyWithin(buckets, limitsIn(objective.prometheus, objective, bound)))
  const open = judged.filter((one) => typeof one === 'string')
  return {
    tallies: judged.map((one) => (typeof one === 'string' ? {good: 0, total: 0} : one)),
    notes: [],
    ...(open.length > 0 && {unknown: `${name}: ${open.join('; ')}`}),
  }
}

function ofLevel(objective: Judged, query: string, readings: readonly Reading[]): Read {
  const values = levelsIn(query, readings)
  if (values === null) return unknown(objective, `a page of metrics cannot answer ${query}`)
  if (values.length === 0) return unknown(objective, `no value of ${query}: a rate needs two reads (attempts: 2)`)
  const {bounds, prometheus, unit, indicator, kind} = objective
  const events = values.map((value) => ({indicator, ok: true, value}))
  const promised = bounds.find(({level}) => level === 'target') ?? bounds[0]
  const value = promised && quantile(values, promised.share)
  return {
    tallies: bounds.map((bound) => tally(events, limitsIn(prometheus, objective, bound))),
    notes: kind === 'events' ? ['as reported: a percentile that the system computed, one slice a read'] : [],
    ...(value !== undefined && value !== null && {value: value / scaleOf(prometheus, unit)}),
  }
}

function unknown({bounds}: Judged, why: string): Read {
  return {tallies: bounds.map(() => ({good: 0, total: 0})), notes: [], unknown: why}
}
