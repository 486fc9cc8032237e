import {formatMs} from '../../core/duration.ts'
import {judge} from '../../core/judge.ts'
import type {Bound, Objective} from '../../core/objective.ts'
import {addTallies} from '../../core/tally.ts'
import type {CheckedVerdict} from '../../core/verdict.ts'
import type {HistoryEntry} from './entry.ts'

type PastTally = HistoryEntry['tallies'][number]

export interface HistoryWindow {
  /** Epoch milliseconds. */
  readonly to: number
  readonly periodMs: number
}

/** The part of a window that the runs must reach back over. */
const ENOUGH = 0.9

/** Judges what the runs of a period counted together: the targets of all objectives, on each target apart. */
export function judgeHistory(
  entries: readonly HistoryEntry[],
  objectives: readonly Objective[],
  {to, periodMs}: HistoryWindow,
): CheckedVerdict[] {
  const from = to - periodMs
  const within = entries.filter(({at}) => at > from && at <= to)
  const begin = Math.min(...entries.map(({at}) => at))
  const short = to - begin < ENOUGH * periodMs
  return objectives.flatMap((objective) => {
    const bound = objective.bounds.find(({level}) => level === 'target')
    if (!bound) return []
    const tallies = within.flatMap((entry) => entry.tallies.filter((one) => isOf(one, objective, bound)))
    return [...new Set(tallies.map(({target}) => target))].map((target) => {
      const tally = addTallies(tallies.filter((one) => one.target === target).map(({good, total}) => ({good, total})))
      const only = {...objective, bounds: [bound]}
      const verdict = judge(only, {target, source: 'probe', tallies: [tally]})
      const why = short
        ? `the period of ${formatMs(periodMs)} is longer than the history, which begins ${formatMs(to - begin)} before its end`
        : verdict.why
      return {
        ...verdict,
        title: objective.title ?? objective.id,
        checks: [],
        indicator: objective.indicator,
        measured: null,
        window: {from, to},
        ...(short && {status: 'inconclusive' as const}),
        ...(why !== undefined && {why}),
      }
    })
  })
}

/** Counted against other limits is counted of something else; another share is the same count. */
function isOf({objective, min, max, strict}: PastTally, {id}: Objective, bound: Bound): boolean {
  return objective === id && min === bound.min && max === bound.max && (strict ?? false) === (bound.strict ?? false)
}
