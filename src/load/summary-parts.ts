import {blameOf, failureCodes} from '../core/failure.ts'
import {measures} from './measures.ts'

export const OTHER = 'other'

/** Values of the tag `code` of `unexpected_close` (RFC 6455, section 7.4.1); those of applications are `4xxx`. */
export const closeCodes = [
  '1000',
  '1001',
  '1002',
  '1003',
  '1005',
  '1006',
  '1007',
  '1008',
  '1009',
  '1011',
  '1012',
  '1013',
]

/** Values of the tag `code` of `refusals`: statuses of HTTP. */
export const refusalCodes = ['400', '401', '403', '404', '408', '429', '500', '502', '503', '504']

/** k6 puts into its summary only what a threshold names: every tagged part that the report shows, with all its values. */
export const tagged: Readonly<Record<string, readonly string[]>> = {
  [measures.failures]: failureCodes.filter((code) => blameOf(code) !== 'operator'),
  [measures.closes]: [...closeCodes, '4xxx', OTHER],
  [measures.refusals]: [...refusalCodes, OTHER],
}

/** What the report tells of each phase apart. */
export const phased = {
  rates: [measures.connectOk, measures.limited],
  tallies: [measures.carried],
  counters: [measures.roundTrips, measures.roundTripsLost, measures.requests],
  trends: [measures.connectMs, measures.readyMs, measures.matchMs, measures.rttMs, measures.requestMs, measures.lagMs],
} as const
