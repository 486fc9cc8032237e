import type {Tally} from './tally.ts'

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

/** NaN without values. */
export function mean(values: readonly number[]): number {
  return sum(values) / values.length
}

/** The share of good events, or null without events. */
export function shareOf({good, total}: Tally): number | null {
  return total > 0 ? good / total : null
}

/**
 * The 95 % interval of a ratio by Wilson's score, which stays inside 0..1 and is honest for few events.
 * Source: E. B. Wilson, JASA 22 (1927); z = 1.96.
 */
export function wilson({good, total}: Tally): readonly [low: number, high: number] {
  if (total <= 0) return [0, 1]
  const z = 1.959964
  const share = good / total
  const spread = z * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))
  const centre = share + (z * z) / (2 * total)
  const scale = 1 + (z * z) / total
  // The share lies inside; rounding alone can put an end of 0 or 1 past it.
  return [
    Math.max(0, Math.min(share, (centre - spread) / scale)),
    Math.min(1, Math.max(share, (centre + spread) / scale)),
  ]
}

/**
 * The value below or at which a share of the values lies (nearest rank): for display, never for a verdict.
 * Null without values.
 */
export function quantile(values: readonly number[], share: number): number | null {
  if (values.length === 0) return null
  const sorted = values.toSorted((a, b) => a - b)
  const rank = Math.max(1, Math.ceil(share * sorted.length - 1e-9))
  return sorted[Math.min(rank, sorted.length) - 1] ?? null
}

/**
 * Interarrival jitter of RFC 3550 section 6.4.1, in the unit of the transit times given in order of arrival.
 * Zero for fewer than two.
 */
export function jitter(transits: readonly number[]): number {
  let estimate = 0
  let previous: number | undefined
  for (const transit of transits) {
    if (previous !== undefined) estimate += (Math.abs(transit - previous) - estimate) / 16
    previous = transit
  }
  return estimate
}
