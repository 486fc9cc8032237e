/** Percentiles of a trend that the report tells, for the curve to its maximum. */
export const SHARES: readonly number[] = [1, 5, 10, 25, 50, 75, 90, 95, 97.5, 99, 99.5, 99.9, 99.95, 99.99]
