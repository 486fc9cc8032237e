import type {Tally} from '../../core/tally.ts'

/** What a promise leaves to spend over a period, in events and as time, and what is left of it. */
export interface Budget {
  readonly periodMs: number
  /** The promised share, 0..1. */
  readonly share: number
  /** Bad events: what the promise allows, what there were, and what remains, which may be below 0. */
  readonly events: Spending
  /** The same as if all of a moment's events were good or all bad: 99.9 % of a day leave 86.4 s. In milliseconds. */
  readonly time: Spending
  /** Part of the budget that is used up: 1 is all of it. */
  readonly spentShare: number
  /** How many times faster than the promise allows: 1 spends exactly the budget, 0 nothing. */
  readonly burnRate: number
}

export interface Spending {
  readonly allowed: number
  readonly spent: number
  readonly left: number
}

/** The budget of a period, or null where there is none: nothing happened, or everything was promised. */
export function budgetOf(share: number, {good, total}: Tally, periodMs: number): Budget | null {
  const allowedShare = precise(1 - share)
  if (total <= 0 || allowedShare <= 0) return null
  const badShare = precise((total - good) / total)
  const burnRate = precise(badShare / allowedShare)
  return {
    periodMs,
    share,
    events: spending(allowedShare, badShare, total),
    time: spending(allowedShare, badShare, periodMs),
    spentShare: burnRate, // a period that has passed was spent at its own rate
    burnRate,
  }
}

function spending(allowedShare: number, badShare: number, whole: number): Spending {
  const allowed = precise(allowedShare * whole)
  const spent = precise(badShare * whole)
  return {allowed, spent, left: precise(allowed - spent)}
}

/**
 * How long until a budget is spent if events go on being bad at a rate, in milliseconds: 0 where it is spent, null where
 * it never will be. What the window forgets meanwhile is left out, so it comes no sooner than this.
 */
export function runsOutInMs({spentShare, periodMs}: Budget, burnRate: number): number | null {
  if (spentShare >= 1) return 0
  return burnRate > 0 ? Math.round(((1 - spentShare) * periodMs) / burnRate) : null
}

/** 1 - 0.999 is 0.0010000000000000009 in doubles, and 86.4 s have to be 86.4 s. */
function precise(value: number): number {
  return Number(value.toPrecision(12))
}
