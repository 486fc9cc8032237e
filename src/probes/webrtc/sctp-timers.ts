import {timeoutAfter, withSample, type RoundTripTime} from '../../core/round-trip-time.ts'
import type {SctpAssociation} from './private-members.ts'

/** Bounds of the retransmission time-out as browsers have them (dcsctp's defaults), in seconds. */
const INITIAL_S = 0.5
const SHORTEST_S = 0.4
const LONGEST_S = 60

/**
 * Lets an association send lost packets again as soon as a browser does. werift has the bounds of RFC 4960, section 15:
 * 3 s before a round trip was measured, and never less than 1 s, which is longer than a call takes to be set up.
 */
export function useTimersOfBrowsers(association: SctpAssociation): void {
  association.rto = INITIAL_S
  let roundTrip: RoundTripTime | undefined
  // RFC 9260, section 6.3.1
  association.updateRto = (roundTripS) => {
    roundTrip = withSample(roundTrip, roundTripS)
    association.rto = Math.min(LONGEST_S, Math.max(SHORTEST_S, timeoutAfter(roundTrip)))
  }
}
