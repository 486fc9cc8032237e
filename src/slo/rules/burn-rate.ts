import {promDuration} from '../../core/duration.ts'

/** Two windows that must both burn: the long one says that it matters, the short one that it still goes on. */
export interface BurnWindows {
  readonly severity: 'critical' | 'warning'
  readonly longMs: number
  readonly shortMs: number
  /** How many times faster than allowed the error budget of 30 days is spent. */
  readonly rate: number
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** Chapter 5 of "The Site Reliability Workbook" (Google, 2018): two pairs that page, two that make a ticket. */
const table: readonly BurnWindows[] = [
  {severity: 'critical', longMs: HOUR, shortMs: 5 * MINUTE, rate: 14.4},
  {severity: 'critical', longMs: 6 * HOUR, shortMs: 30 * MINUTE, rate: 6},
  {severity: 'warning', longMs: DAY, shortMs: 2 * HOUR, rate: 3},
  {severity: 'warning', longMs: 3 * DAY, shortMs: 6 * HOUR, rate: 1},
]

/** A window with fewer measurements than this cannot tell a fault from an accident. */
const LEAST_MEASUREMENTS = 4
/** Closer than this, the short window says nothing that the long one has not said. */
const LEAST_RATIO = 3

/**
 * The windows for what is measured every so often, and a share of good events. Those too short for the interval are
 * widened; those that not even a dead system could fill are left out, and of equal ones those that burn faster.
 */
export function burnWindows(everyMs: number, share: number): BurnWindows[] {
  const widened = table.map((windows) => {
    const shortMs = Math.max(windows.shortMs, LEAST_MEASUREMENTS * everyMs)
    return {...windows, shortMs, longMs: Math.max(windows.longMs, LEAST_RATIO * shortMs)}
  })
  return widened.filter(({longMs, shortMs, rate}, index) => {
    const next = widened[index + 1]
    const covered = next?.longMs === longMs && next.shortMs === shortMs
    return rate * (1 - share) < 1 && !covered
  })
}

/** "5m", as it stands in names and labels. */
export function windowName(ms: number): string {
  return promDuration(ms)
}
