import type {Bound, Objective, Source} from './objective.ts'
import {shareOf, wilson} from './stats.ts'
import type {Status} from './status.ts'
import type {Tally} from './tally.ts'
import type {BoundVerdict, Verdict} from './verdict.ts'

export interface Measurement {
  readonly target: string
  readonly source: Source
  /** One tally for each bound of the objective, in its order. */
  readonly tallies: readonly Tally[]
}

/** Judges one objective on one target, whatever the source of the tallies. The only place where a verdict is made. */
export function judge(objective: Objective, {target, source, tallies}: Measurement, strict = false): Verdict {
  const bounds = objective.bounds.map((bound, index) => judgeBound(bound, tallies[index] ?? {good: 0, total: 0}))
  const few = bounds.some(({tally}) => tally.total < objective.minEvents)
  const status = strict && few ? 'inconclusive' : statusOf(bounds)
  const why = bounds.some(({met}) => met === null)
    ? 'no data'
    : few
      ? `fewer than ${objective.minEvents} events`
      : undefined
  return {
    objective: objective.id,
    role: objective.role,
    target,
    source,
    status,
    bounds,
    budgetSpent: budgetSpent(bounds),
    few,
    ...(status === 'inconclusive' && why && {why}),
    ...(objective.unit && {unit: objective.unit}),
    ...(objective.assumed && {assumed: objective.assumed}),
  }
}

function judgeBound(bound: Bound, tally: Tally): BoundVerdict {
  return {...bound, tally, interval: wilson(tally), met: isMet(bound, tally)}
}

/** Division keeps literals exact: 95/100 is the double 0.95, where 1 - 0.05 is not. */
function isMet({share, strict, consecutive, min, max}: Bound, tally: Tally): boolean | null {
  const measured = shareOf(tally)
  if (measured === null) return null
  if (consecutive !== undefined) return tally.worstRun === undefined ? null : tally.worstRun < consecutive
  const strictShare = strict && min === undefined && max === undefined
  return strictShare ? measured > share : measured >= share
}

function statusOf(bounds: readonly BoundVerdict[]): Status {
  if (bounds.some(({met, level}) => met === false && level !== 'target')) return 'fail'
  if (bounds.some(({met}) => met === false)) return 'degraded'
  return bounds.length === 0 || bounds.some(({met}) => met === null) ? 'inconclusive' : 'pass'
}

/** The part of the error budget that is used up: 1 is all of it. For display: never a source of a status. */
function budgetSpent(bounds: readonly BoundVerdict[]): number | null {
  const promise = bounds.find(({level}) => level === 'target')
  const measured = promise && shareOf(promise.tally)
  if (!promise || measured === null || measured === undefined || promise.share >= 1) return null
  return (1 - measured) / (1 - promise.share)
}
