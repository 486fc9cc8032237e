import {Counter} from 'k6/metrics'
import {isGood} from '../../src/core/tally.ts'
import {tallyMetrics} from '../../src/load/measures.ts'
import type {WatchedBound} from '../../src/load/workload.ts'
import {batchOf, type PhaseTags} from './tallies.ts'

/** The bounds that watch one indicator. */
export interface Watched {
  /** Count its events. */
  readonly counters: readonly Counter[]
  /** Nearly every event is far inside all bounds: a good one with a value below this is good by each of them. */
  readonly surelyBelow: number
  /** Counts an event as bad for each bound by which it is. */
  blame(ok: boolean, at: PhaseTags, value?: number): void
}

export function watchedBy(bounds: readonly WatchedBound[]): Watched {
  const watches = bounds.map((bound) => ({bound, bad: batchOf([new Counter(tallyMetrics(bound.metric).bad)])}))
  const limits = bounds.flatMap(({max}) => max ?? [])
  return {
    counters: bounds.map(({metric}) => new Counter(tallyMetrics(metric).events)),
    surelyBelow: bounds.some(({min}) => min !== undefined) ? -Infinity : Math.min(Infinity, ...limits),
    blame(ok, at, value) {
      const told = value === undefined ? {indicator: '', ok} : {indicator: '', ok, value}
      for (const {bound, bad} of watches) if (!isGood(told, bound)) bad.add(1, at)
    },
  }
}
