import {mean, quantile, wilson} from '../../core/stats.ts'
import type {Tally} from '../../core/tally.ts'

export type Interval = readonly [low: number, high: number]

const Z = 1.959964
/** Student's t at 97.5 % for 1 to 9 degrees of freedom. */
const T = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262]
const FEWEST_BATCHES = 4

/** The 95 % interval of a share, no narrower than its own seconds let it be. */
export function shareInterval(tally: Tally, seconds: readonly number[]): Interval {
  const [low, high] = wider(wilson(tally), {value: tally.good / tally.total, half: batchHalf(seconds)})
  return [Math.max(0, low), Math.min(1, high)]
}

/**
 * The 95 % interval of a quantile, from the order statistics beside it, which asks nothing of the distribution
 * (H. A. David, Order Statistics, section 7.1), and no narrower than its seconds let it be. Null where the samples are too
 * few to bound it above.
 */
export function quantileInterval(
  {share, value, samples}: {readonly share: number; readonly value: number; readonly samples: number},
  at: (share: number) => number | null,
  seconds: readonly number[],
): Interval | null {
  const spread = Z * Math.sqrt((share * (1 - share)) / samples)
  if (!(share + spread < 1)) return null
  const [low, high] = [at(Math.max(0, share - spread)), at(share + spread)]
  if (low === null || high === null) return null
  return wider([Math.min(low, value), Math.max(high, value)], {value, half: batchHalf(seconds)})
}

/** Between known quantiles, straight from one to the next; nothing beyond the last. */
export function between(known: readonly (readonly [share: number, value: number])[]): (share: number) => number | null {
  const sorted = known.toSorted(([a], [b]) => a - b)
  return (share) => {
    const index = sorted.findIndex(([one]) => one >= share)
    const [above, below] = [sorted[index], sorted[index - 1]]
    if (!above) return null
    if (!below) return above[1]
    return below[1] + ((above[1] - below[1]) * (share - below[0])) / (above[0] - below[0])
  }
}

/** Of values themselves. */
export function among(values: readonly number[]): (share: number) => number | null {
  return (share) => quantile(values, share)
}

/**
 * Whether two values differ by more than chance: the interval of their difference does not hold 0. It is put together
 * from the two intervals as Newcombe does for proportions (Statistics in Medicine 17, 1998).
 */
export function differ(before: Estimate, after: Estimate): boolean {
  const [one, other] = before.value <= after.value ? [before, after] : [after, before]
  const distance = other.value - one.value
  return distance > Math.hypot(other.value - other.interval[0], one.interval[1] - one.value)
}

export interface Estimate {
  readonly value: number
  readonly interval: Interval
}

/**
 * Half of the 95 % interval of a mean from at most ten batches of neighbouring seconds. Events of one second have their
 * luck in common (a pause of the collector, a neighbour on the machine): a thousand of them are not a thousand draws.
 */
function batchHalf(seconds: readonly number[]): number {
  const batches = Math.min(T.length + 1, seconds.length)
  if (batches < FEWEST_BATCHES) return 0
  const means = Array.from({length: batches}, (_, index) => {
    const from = Math.floor((index * seconds.length) / batches)
    return mean(seconds.slice(from, Math.floor(((index + 1) * seconds.length) / batches)))
  })
  const centre = mean(means)
  const variance = means.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (batches - 1)
  return (T[batches - 2] ?? Z) * Math.sqrt(variance / batches)
}

function wider([low, high]: Interval, {value, half}: {readonly value: number; readonly half: number}): Interval {
  return [Math.min(low, value - half), Math.max(high, value + half)]
}
