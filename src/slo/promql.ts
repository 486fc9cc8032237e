import {promDuration} from '../core/duration.ts'
import type {Bound, Objective} from '../core/objective.ts'
import type {PrometheusSource} from '../core/prometheus-source.ts'
import {leMatcher} from './le-matcher.ts'
import {limitsIn, type Limits} from '../core/limits.ts'

/** Over which time events are counted. */
export interface Window {
  readonly ms: number
  /** The time step of levels: how often they are looked at. */
  readonly stepMs: number
}

/**
 * One bound of one objective as PromQL. Each is an instant vector: one sample for the whole system, or one for each
 * instance where the source is `up`. Where nothing was counted there is no sample, or NaN: neither compares as true.
 */
export interface BoundQuery {
  readonly good: string
  readonly bad: string
  readonly total: string
  /** 0..1 of the events that were bad: what burn rates are made of. */
  readonly badShare: string
  /** Has a sample while the bound is crossed: over the window for what is counted, at this moment for `up` and levels. */
  readonly crossed: string
}

/** The queries of one bound. Null where its source cannot tell, as a histogram without a limit. */
export function boundQuery(objective: Objective, bound: Bound, window: Window): BoundQuery | null {
  const {prometheus: source} = objective
  if (!source) return null
  const limits = limitsIn(source, objective, bound)
  const counts = countsOf(source, limits, window)
  if (!counts) return null
  const badShare = `${operand(counts.bad)} / ${operand(counts.total)}`
  const now = 'up' in source ? `${source.up} == 0` : 'level' in source ? outside(source.level, limits) : undefined
  return {...counts, badShare, crossed: now ?? crossedShare(badShare, bound)}
}

/** The selectors that a source stands on: without one of these nothing is known, and absence is worth an alert. */
export function needsOf(source: PrometheusSource): readonly string[] {
  if ('histogram' in source) return [`${source.histogram}_count`]
  if ('up' in source) return [source.up]
  if ('level' in source) return [source.level]
  return source.total
}

interface Counts {
  readonly good: string
  readonly bad: string
  readonly total: string
}

function countsOf(source: PrometheusSource, limits: Limits, {ms, stepMs}: Window): Counts | null {
  const range = promDuration(ms)
  if ('histogram' in source) return ofHistogram(source.histogram, limits, range)
  if ('up' in source) return ofUp(source.up, range)
  if ('level' in source) return ofLevel(source.level, limits, `${range}:${promDuration(stepMs)}`)
  const total = increaseOf(source.total, range)
  if ('good' in source) return ofGood(increaseOf(source.good, range), total)
  const bad = orZero(increaseOf(source.bad, range)) // no series beside a total with data: nothing was bad
  return {bad, total, good: `${operand(total)} - ${bad}`}
}

function ofGood(good: string, total: string): Counts {
  return {good, total, bad: `${operand(total)} - ${operand(good)}`}
}

function ofHistogram(name: string, {min, max}: Limits, range: string): Counts | null {
  if (min === undefined && max === undefined) return null
  const upTo = (limit: number) => `sum(increase(${name}_bucket{${leMatcher(limit)}}[${range}]))`
  const total = `sum(increase(${name}_count[${range}]))`
  const within = max === undefined ? total : upTo(max)
  return ofGood(min === undefined ? within : `${within} - ${upTo(min)}`, total)
}

function ofUp(up: string, range: string): Counts {
  const by = 'sum by (job, instance)'
  return ofGood(`${by} (sum_over_time(${up}[${range}]))`, `${by} (count_over_time(${up}[${range}]))`)
}

function ofLevel(level: string, {min, max, strict}: Limits, range: string): Counts | null {
  const tests = [
    ...(min === undefined ? [] : [`((${level}) ${strict ? '>' : '>='} bool ${min})`]),
    ...(max === undefined ? [] : [`((${level}) ${strict ? '<' : '<='} bool ${max})`]),
  ]
  if (tests.length === 0) return null
  return ofGood(`sum_over_time((${tests.join(' * ')})[${range}])`, `count_over_time((${level})[${range}])`)
}

/** What is true of a level at the moment in which it is not good. */
function outside(level: string, {min, max, strict}: Limits): string {
  return [
    ...(max === undefined ? [] : [`(${level}) ${strict ? '>=' : '>'} ${max}`]),
    ...(min === undefined ? [] : [`(${level}) ${strict ? '<=' : '<'} ${min}`]),
  ].join(' or ')
}

/** The share of bad events is compared, as a share near 0 loses no digits. */
function crossedShare(badShare: string, {share, strict, min, max, consecutive}: Bound): string {
  if (consecutive !== undefined || share === 1) return `${badShare} > 0`
  const strictShare = strict && min === undefined && max === undefined
  return `${badShare} ${strictShare ? '>=' : '>'} ${Number((1 - share).toPrecision(12))}`
}

/** Counters that are added up. One that has no series yet adds nothing; where none has, the sum is 0 and every share NaN. */
function increaseOf(selectors: readonly string[], range: string): string {
  const sums = selectors.map((selector) => `sum(increase(${selector}[${range}]))`)
  return sums.length === 1 ? sums.join('') : sums.map(orZero).join(' + ')
}

function orZero(expression: string): string {
  return `(${expression} or vector(0))`
}

/** In parentheses, unless it binds as closely as it is. */
function operand(expression: string): string {
  let outermost = expression
  for (let inner = ''; inner !== outermost; outermost = outermost.replace(/\([^()]*\)/g, '')) inner = outermost
  return / ([-+*/]|or|and) /.test(outermost) ? `(${expression})` : expression
}
