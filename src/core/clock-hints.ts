import type {Failure} from './failure.ts'
import type {AttemptResult, CheckResult, Fact, Facts} from './result.ts'
import {quantile} from './stats.ts'

/** `Date` has whole seconds and travels for a while. */
const NOTICEABLE_MS = 2000

/**
 * Credentials that live for minutes fail where two clocks differ by as much, and a TURN server tells no time. Where HTTP
 * servers of the same run have told theirs, the hint says so: that of the same address before the median of all.
 */
export function withClockHints(results: readonly CheckResult[]): CheckResult[] {
  const attempts = results.flatMap((result) => result.attempts)
  return results.map((result) => ({
    ...result,
    attempts: result.attempts.map((attempt) => {
      if (attempt.ok || !isCredentialOfMinutes(attempt)) return attempt
      const {ip} = attempt.facts
      const told = toldClock(attempts, ip) ?? toldClock(attempts)
      return told ? {...attempt, failure: hinted(attempt.failure, told, attempt.facts)} : attempt
    }),
  }))
}

interface ToldClock {
  readonly whose: string
  /** Their clock minus ours. */
  readonly skewMs: number
}

function isCredentialOfMinutes({failure, facts}: AttemptResult & {readonly ok: false}): boolean {
  const refused = failure.code === 'turn_credential_expired' || failure.code === 'turn_unauthorized'
  return refused && facts.credential_expires_in_s !== undefined
}

function toldClock(attempts: readonly AttemptResult[], ip?: Fact): ToldClock | undefined {
  const skews = attempts.flatMap(({facts}) =>
    typeof facts.clock_skew_ms === 'number' && (ip === undefined || facts.ip === ip) ? [facts.clock_skew_ms] : [],
  )
  const skewMs = quantile(skews, 0.5)
  if (skewMs === null || Math.abs(skewMs) < NOTICEABLE_MS) return undefined
  return {skewMs, whose: ip === undefined ? "the other servers'" : "that of HTTP at the server's address"}
}

function hinted(failure: Failure, {whose, skewMs}: ToldClock, facts: Facts): Failure {
  const seconds = Math.round(Math.abs(skewMs) / 1000)
  const leftS = Math.round(Number(facts.credential_expires_in_s) - skewMs / 1000)
  const theirs = leftS < 0 ? `expired ${-leftS} s ago` : `is good for ${leftS} s more`
  const clock = `this machine's clock is ${seconds} s ${skewMs > 0 ? 'behind' : 'ahead of'} ${whose} (Date): by it the credential ${theirs}`
  return {...failure, hint: [clock, ...(failure.hint === undefined ? [] : [failure.hint])].join('; ')}
}
