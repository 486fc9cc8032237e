import type {Counter} from 'k6/metrics'
import {isGood} from '../../src/core/tally.ts'
import type {MeasuredBound} from '../init/metrics.ts'
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

export function watchedBy(bounds: readonly MeasuredBound[]): Watched {
  const watches = bounds.map(({bound, bad}) => ({bound, bad: batchOf([bad])}))
  const limits = bounds.flatMap(({bound}) => bound.max ?? [])
  return {
    counters: bounds.map(({events}) => events),
    surelyBelow: bounds.some(({bound}) => bound.min !== undefined) ? -Infinity : Math.min(Infinity, ...limits),
    blame(ok, at, value) {
      const told = value === undefined ? {indicator: '', ok} : {indicator: '', ok, value}
      for (const {bound, bad} of watches) if (!isGood(told, bound)) bad.add(1, at)
    },
  }
}
