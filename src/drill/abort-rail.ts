import type {SeriesPoint} from '../core/drill-result.ts'

/** More than half of everything fails: the system is broken, and more load would teach nothing. */
const LIMIT = 0.5
/** In a row, so that one bad second is no reason. */
const SECONDS = 5
const LEAST_EVENTS = 20

/** Why a drill is to be stopped by what it does to its target, if it is. */
export function mustAbort(series: readonly SeriesPoint[]): string | undefined {
  const last = series.slice(-SECONDS)
  if (last.length < SECONDS || !last.every(({errors}) => errors !== null && errors > LIMIT)) return undefined
  const events = last.reduce((sum, {roundTrips, connects, requests}) => sum + roundTrips + connects + requests, 0)
  if (events < LEAST_EVENTS) return undefined
  return `more than ${LIMIT * 100} % of everything failed for ${SECONDS} s`
}
