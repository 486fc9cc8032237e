/**
 * The outcome of a judgement. `degraded`: the target was missed. `fail`: an alert threshold was crossed.
 * `inconclusive`: not enough data, or it could not be measured. `skipped`: not tried, and said why.
 */
export type Status = 'pass' | 'degraded' | 'fail' | 'inconclusive' | 'skipped'

/** Every status, the worst first. */
export const statuses: readonly Status[] = ['fail', 'degraded', 'inconclusive', 'pass', 'skipped']

/** Orders by gravity, the worst first. */
export function compareStatus(a: Status, b: Status): number {
  return statuses.indexOf(a) - statuses.indexOf(b)
}

/** `fail` > `degraded` > `inconclusive` > `pass`. Nothing, or nothing but skipped, is unknown, and unknown is not good. */
export function rollUp(found: readonly Status[]): Status {
  const worst = statuses.find((status) => found.includes(status))
  return worst === undefined || worst === 'skipped' ? 'inconclusive' : worst
}
