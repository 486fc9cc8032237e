import {expect, test} from 'vitest'
import type {FailureCode} from '../../src/core/failure.ts'
import type {AttemptResult, CheckResult, Facts} from '../../src/core/result.ts'
import {watchHealth} from '../../src/probes/prober-health.ts'
import {isReachable} from '../../src/probes/reachable.ts'
import {serveHttp} from '../fixtures/serve-http.ts'

function result(facts: Facts, code?: FailureCode): CheckResult {
  const observed = {check: 'c', probe: 'http', target: 't', startedAt: 0, totalMs: 1, phases: [], events: [], facts}
  const attempt: AttemptResult = code
    ? {...observed, ok: false, failure: {code, phase: 'connect', message: code}}
    : {...observed, ok: true}
  return {check: 'c', probe: 'http', target: 't', tags: [], indicators: [], attempts: [attempt]}
}

const kinds = async (results: CheckResult[], reachable?: () => Promise<boolean>) =>
  (await watchHealth().finish(results, reachable)).disturbances.map(({kind}) => kind)

test('a quiet prober is not disturbed', async () => {
  expect(await kinds([result({clock_skew_ms: 900})])).toEqual([])
})

test('an event loop that was blocked is told, with how late it ran', async () => {
  const watch = watchHealth()
  for (let round = 0; round < 4; round++) {
    await new Promise((resolve) => setTimeout(resolve, 15))
    const until = performance.now() + 150
    while (performance.now() < until); // what a busy machine does to us
  }
  const health = await watch.finish([])
  expect(health.loopLagMs).toBeGreaterThan(50)
  expect(health.disturbances).toMatchObject([{kind: 'event_loop_lag'}])
})

test.each([
  [95_000, 'behind'],
  [-95_000, 'ahead of'],
])('a clock that most servers contradict is told, with its direction', async (skew, direction) => {
  const {disturbances, clockSkewMs} = await watchHealth().finish([
    result({clock_skew_ms: skew, ip: '192.0.2.1'}),
    result({clock_skew_ms: skew + 400, ip: '192.0.2.2'}),
    result({clock_skew_ms: 0, ip: '192.0.2.3'}),
  ])
  expect(Math.abs(clockSkewMs ?? 0)).toBeGreaterThan(94_000)
  expect(disturbances).toMatchObject([
    {kind: 'clock_skew', message: expect.stringContaining(`95 s ${direction}`) as string},
  ])
})

test('one server with a wrong clock is not our clock, however often it was asked', async () => {
  const healthy = [result({clock_skew_ms: 0, ip: '192.0.2.1'}), result({clock_skew_ms: 100, ip: '192.0.2.2'})]
  const wrong = result({clock_skew_ms: 600_000, ip: '192.0.2.3'})
  expect(await kinds([...healthy, wrong, wrong, wrong, wrong])).toEqual([])
})

test.each([600_000, -600_000])('of two servers that disagree, one agrees with us', async (skew) => {
  const results = [result({clock_skew_ms: skew, ip: '192.0.2.1'}), result({clock_skew_ms: 0, ip: '192.0.2.2'})]
  expect(await kinds(results)).toEqual([])
})

test('the only server says nothing of which clock is wrong', async () => {
  const {disturbances} = await watchHealth().finish([result({clock_skew_ms: 600_000})])
  expect(disturbances).toEqual([
    {kind: 'clock_skew', message: "this machine's clock is 600 s behind the server's: one of the two is wrong"},
  ])
})

test('nobody reached, the reference neither: this machine is offline', async () => {
  expect(await kinds([result({}, 'timeout'), result({}, 'dns_failed')], () => Promise.resolve(false))).toEqual([
    'offline',
  ])
})

test('nobody reached but the reference: they are down', async () => {
  expect(await kinds([result({}, 'timeout')], () => Promise.resolve(true))).toEqual([])
})

test('a refusal is an answer: nobody is offline who was refused', async () => {
  let asked = false
  const reachable = () => Promise.resolve(!(asked = true))
  expect(await kinds([result({}, 'timeout'), result({}, 'refused')], reachable)).toEqual([])
  expect(asked).toBe(false)
})

test('an address is reachable when it answers, be it with a refusal', async () => {
  const server = await serveHttp((_request, response) => response.end())
  expect(await isReachable({host: '127.0.0.1', port: server.port})).toBe(true)
  await server.close()
  expect(await isReachable({host: '127.0.0.1', port: server.port})).toBe(true)
  expect(await isReachable({host: 'nowhere.invalid', port: 1})).toBe(false)
})
