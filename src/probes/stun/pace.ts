import {timeoutAfter, withSample, type RoundTripTime} from '../../core/round-trip-time.ts'

/** RFC 8489, section 6.2.1, where nothing is known of the path yet. */
const UNKNOWN_MS = 500
/** A server may look a user up before it answers: sooner would be a second request to one that is at work. */
const SHORTEST_MS = 100

/** How soon requests to one server are sent again: by what its answers took, as RFC 8489, section 6.2.1, lets a client. */
export class Pace {
  #roundTrip: RoundTripTime | undefined
  #backOff = 1

  /** The first interval between two sends, in milliseconds. A long way is no reason to wait longer than everybody does. */
  get rtoMs(): number {
    if (!this.#roundTrip) return UNKNOWN_MS
    return Math.min(UNKNOWN_MS, this.#backOff * Math.max(SHORTEST_MS, timeoutAfter(this.#roundTrip)))
  }

  /** What was sent twice is no sample, as either may have been answered; it may have been too early, so the next waits longer (Karn). */
  answered({ms, sends}: {readonly ms: number; readonly sends: number}): void {
    this.#backOff = 2 ** (sends - 1)
    if (sends === 1) this.#roundTrip = withSample(this.#roundTrip, ms)
  }
}
