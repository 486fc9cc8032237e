import {expect, test} from 'vitest'
import {waterfall, waterfallSummary} from '../../src/reporters/waterfall.ts'
import {attempt, check, HOSTILE, refused, reports} from '../fixtures/reports.ts'

test('a good attempt is a line with its phases, and one with its facts', () => {
  const [good] = reports.pass.checks[0]?.attempts ?? []
  if (!good) throw new Error('expected an attempt')
  expect(waterfall(good).split('\n')).toEqual([
    'ok  http  https://chat.example/health  resolve 0.3 · connect 0.2 · tls 3.1 · processing 1.2 · transfer 0.1 = 4.9 ms',
    '    ip 127.0.0.1 · http status 200 · tls version TLSv1.3 · tls expires in days 115',
  ])
})

test('what was counted stands below: a lone event by its value, many by how many were good and how fast these were', () => {
  const rtt = (value: number, ok = true) => ({indicator: 'signaling_rtt', ok, value})
  const events = [{indicator: 'match_latency', ok: true, value: 1.8}, rtt(1), rtt(2), rtt(3), rtt(900, false)]
  const failed = [{indicator: 'turn_allocation', ok: false}]
  expect(waterfall(attempt({events})).split('\n')[1]).toBe(
    '    match latency 1.8 ms · signaling rtt 3/4 p50 2.0 ms p95 3.0 ms',
  )
  expect(waterfall(attempt({events: failed, failure: refused}))).toContain('turn allocation 0/1')
})

test('of a bad one the cause comes first, then what to do about it', () => {
  const phases = [
    {name: 'resolve', ms: 0.1, state: 'done'},
    {name: 'connect', ms: 0.3, state: 'failed'},
    {name: 'allocate', ms: 0, state: 'skipped'},
  ] as const
  expect(
    waterfall(attempt({probe: 'turn', target: 'turn:127.0.0.1:3478', failure: refused, phases})).split('\n'),
  ).toEqual([
    'FAIL  turn  turn:127.0.0.1:3478  connect: connection refused (ECONNREFUSED 127.0.0.1:3478)',
    '    hint: is the server running?',
    '    resolve 0.1 · connect 0.3 (failed) = 0.4 ms',
  ])
})

test('what could not be measured is not called a failure', () => {
  const failure = {...refused, code: 'unsupported', message: 'no credentials were given'} as const
  expect(waterfall(attempt({probe: 'turn', failure}))).toMatch(/^INCONCLUSIVE {2}turn /)
})

test('a phase that was left out says why', () => {
  const phases = [
    {name: 'allocate', ms: 1, state: 'done'},
    {name: 'echo', ms: 0, state: 'skipped', why: 'the server forbids loopback peers'},
  ] as const
  expect(waterfall(attempt({phases}))).toContain(
    'allocate 1.0 · echo skipped (the server forbids loopback peers) = 1.0 ms',
  )
})

test('what a hostile target says stays on its line', () => {
  const text = waterfall(attempt({target: HOSTILE, facts: {server: HOSTILE}, failure: {...refused, message: HOSTILE}}))
  expect(text.split('\n')).toHaveLength(4)

  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
})

test('many attempts come to a share and quantiles of the good ones', () => {
  const timed = (ms: number) => attempt({phases: [{name: 'connect', ms, state: 'done'}]})
  const checks = [check([timed(1), timed(2), timed(30), attempt({failure: refused})])]
  expect(waterfallSummary({checks})).toBe('3/4 ok (95 % interval 30–96 %) · p50 2.0 ms · p95 30.0 ms · max 30.0 ms')
  expect(waterfallSummary({checks: [check([attempt({failure: refused})])]})).toBe('0/1 ok (95 % interval 0–80 %)')
})

test('sessions that can be relayed say how many were', () => {
  const checks = [check([true, true, false].map((relayed) => attempt({facts: {relayed}})))]
  expect(waterfallSummary({checks})).toMatch(/ · relayed 2\/3$/)
})
