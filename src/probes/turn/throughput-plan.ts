/** What fits a packet of 1280 bytes, IPv6's smallest, with every header and a Send indication around it. */
export const LARGEST_PACKET = 1100
/** How long each rate is offered, and how long its last packets have to arrive. */
export const STEP_MS = 300
export const SETTLE_MS = 200
const DOUBLINGS = 6

/** The rates that are offered one after the other, in Mbit/s: each twice the one before, the last the limit. */
export function offeredRates(limitMbps: number): readonly number[] {
  return Array.from({length: DOUBLINGS + 1}, (_, step) => limitMbps / 2 ** (DOUBLINGS - step))
}

/** The longest that the climb can take. */
export const CLIMB_MS = (DOUBLINGS + 1) * (STEP_MS + SETTLE_MS)
