import type {Event} from './event.ts'
import type {Bound} from './objective.ts'

/** Good and total events: the only thing a verdict is computed from. Tallies of the same target add up. */
export interface Tally {
  readonly good: number
  readonly total: number
  /** The longest run of bad events; absent where the source knows no order. */
  readonly worstRun?: number
  /** Interpolated, as from histogram buckets. */
  readonly estimated?: true
}

/** Counts the events that are good by a bound's own limits. */
export function tally(events: readonly Event[], bound: Pick<Bound, 'min' | 'max' | 'strict'>): Tally {
  let good = 0
  let run = 0
  let worstRun = 0
  for (const event of events) {
    if (isGood(event, bound)) {
      good++
      run = 0
    } else worstRun = Math.max(worstRun, ++run)
  }
  return {good, total: events.length, worstRun}
}

/** A failed event is never good, and one without the value that the bound asks for is unknown, which is not good. */
export function isGood(event: Event, {min, max, strict}: Pick<Bound, 'min' | 'max' | 'strict'>): boolean {
  if (!event.ok) return false
  if (min === undefined && max === undefined) return true
  const {value} = event
  if (value === undefined || Number.isNaN(value)) return false
  if (max !== undefined && (strict ? value >= max : value > max)) return false
  return min === undefined || (strict ? value > min : value >= min)
}

/** Adds tallies of one target over runners or locations. Runs do not join across runners: the longest one stands. */
export function addTallies(tallies: readonly Tally[]): Tally {
  const runs = tallies.flatMap(({worstRun}) => (worstRun === undefined ? [] : [worstRun]))
  return {
    good: tallies.reduce((sum, {good}) => sum + good, 0),
    total: tallies.reduce((sum, {total}) => sum + total, 0),
    ...(runs.length === tallies.length && runs.length > 0 && {worstRun: Math.max(...runs)}),
    ...(tallies.some(({estimated}) => estimated) && {estimated: true}),
  }
}
