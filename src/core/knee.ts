import {formatMs} from './duration.ts'

/** What was measured at one level of load. */
export interface LoadPoint {
  readonly load: number
  /** p95 of the latency in milliseconds, or null without a sample. */
  readonly ms: number | null
  /** Share of what ended that failed; null where nothing did. */
  readonly errors: number | null
}

/** Where the system stops to keep up. `load` is the last level before it, `beyond` the first one past it. */
export type Knee =
  | {readonly found: true; readonly load: number; readonly beyond: number; readonly why: string}
  | {readonly found: false; readonly why: string}

const FEWEST = 3
/**
 * In a queue of one server the response time has doubled at half of its capacity, which is where response time over
 * throughput is smallest: the knee by its usual definition (C. Millsap, "Thinking Clearly about Performance", 2010).
 */
const TIMES = 2
/** Less than this is the noise of a loopback. */
const FLOOR_MS = 1
const ERRORS = 0.01

/**
 * The first level of load from which on the latency stays above twice what it was at low load, or errors above 1 %. A
 * level that is bad while a later one is good again was an incident, and no knee.
 */
export function kneeOf(unsorted: readonly LoadPoint[]): Knee {
  const points = unsorted.filter(({ms, errors}) => ms !== null || errors !== null).toSorted((a, b) => a.load - b.load)
  const [lowest] = points
  const highest = points.at(-1)
  if (!lowest || !highest || points.length < FEWEST) {
    return {
      found: false,
      why: `it takes ${FEWEST} levels of load to tell, and there ${points.length === 1 ? 'is' : 'are'} ${points.length}`,
    }
  }
  const low = points.slice(0, Math.ceil(points.length / 2)).flatMap(({ms}) => ms ?? [])
  // The lowest level tells the usual latency, unless it is far above the next ones itself: that was an incident.
  const usual = Math.min(low[0] ?? Infinity, Math.min(...low) * TIMES)
  const limit = Math.max(usual * TIMES, usual + FLOOR_MS)
  const isSlow = ({ms}: LoadPoint) => ms !== null && ms > limit
  const errs = ({errors}: LoadPoint) => errors !== null && errors > ERRORS
  const lastGood = points.findLastIndex((point) => !isSlow(point) && !errs(point))
  const [before, beyond] = [points[lastGood], points[lastGood + 1]]
  if (!before) return {found: false, why: `errors are above ${ERRORS * 100} % at the lowest load already`}
  if (!beyond) {
    return {
      found: false,
      why: `up to ${Math.round(highest.load)} the p95 stayed below twice its ${formatMs(usual)} at low load, and errors below ${ERRORS * 100} %: the knee lies beyond what was tried`,
    }
  }
  const reasons = [
    ...(isSlow(beyond)
      ? [`the p95 of ${formatMs(beyond.ms ?? 0)} is more than twice the ${formatMs(usual)} at low load`]
      : []),
    ...(errs(beyond) ? [`${Math.round((beyond.errors ?? 0) * 1000) / 10} % fail`] : []),
  ]
  return {found: true, load: before.load, beyond: beyond.load, why: reasons.join(', and ')}
}
