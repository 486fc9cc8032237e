/** A round-trip time as RFC 6298, section 2, keeps it, in the unit of its samples. */
export interface RoundTripTime {
  readonly smoothed: number
  readonly variation: number
}

/** With one more sample, which is none of a packet that was sent twice. */
export function withSample(known: RoundTripTime | undefined, sample: number): RoundTripTime {
  if (!known) return {smoothed: sample, variation: sample / 2}
  return {
    variation: 0.75 * known.variation + 0.25 * Math.abs(known.smoothed - sample),
    smoothed: 0.875 * known.smoothed + 0.125 * sample,
  }
}

/** After how long an answer is overdue. */
export function timeoutAfter({smoothed, variation}: RoundTripTime): number {
  return smoothed + 4 * variation
}
