import {expect, test} from 'vitest'
import {withClockHints} from '../../src/core/clock-hints.ts'
import type {FailureCode} from '../../src/core/failure.ts'
import type {CheckResult, Facts} from '../../src/core/result.ts'

function result(facts: Facts, code?: FailureCode): CheckResult {
  const observed = {check: 'c', probe: 'p', target: 't', startedAt: 0, totalMs: 1, phases: [], events: [], facts}
  const attempt = code
    ? ({...observed, ok: false, failure: {code, phase: 'allocate', message: code, hint: 'mint a new one'}} as const)
    : ({...observed, ok: true} as const)
  return {check: 'c', probe: 'p', target: 't', tags: [], indicators: [], attempts: [attempt]}
}

/** The hint of the last of these results. */
function hintOf(...results: readonly CheckResult[]): string | undefined {
  const attempt = withClockHints(results).at(-1)?.attempts[0]
  return attempt?.ok === false ? attempt.failure.hint : undefined
}

const http = (skewMs: number, ip: string) => result({clock_skew_ms: skewMs, ip})
const refused = (leftS: number, code: FailureCode = 'turn_credential_expired') =>
  result({credential_expires_in_s: leftS, ip: '192.0.2.9'}, code)

test("a clock ahead of the server's lets credentials expire early", () => {
  expect(hintOf(http(-95_000, '192.0.2.9'), refused(-30))).toBe(
    "this machine's clock is 95 s ahead of that of HTTP at the server's address (Date): by it the credential is good for 65 s more; mint a new one",
  )
})

test('a clock behind hides that they did', () => {
  expect(hintOf(http(700_000, '192.0.2.1'), refused(600, 'turn_unauthorized'))).toBe(
    "this machine's clock is 700 s behind the other servers' (Date): by it the credential expired 100 s ago; mint a new one",
  )
})

test('HTTP at the same address is believed before the median of all', () => {
  expect(hintOf(http(0, '192.0.2.1'), http(300, '192.0.2.2'), http(-40_000, '192.0.2.9'), refused(-30))).toMatch(/40 s/)
})

test.each([
  ['no clock was told', [refused(-30)]],
  ['the clocks agree', [http(1500, '192.0.2.9'), refused(-30)]],
  ['the credential has no expiry', [http(-95_000, '192.0.2.9'), result({ip: '192.0.2.9'}, 'turn_unauthorized')]],
  ['something else failed', [http(-95_000, '192.0.2.9'), refused(-30, 'turn_quota')]],
])('nothing is said where %s', (_where, results) => {
  expect(hintOf(...results)).toBe('mint a new one')
})
