import {afterEach, describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import type {CheckResult} from '../../src/core/result.ts'
import type {Check} from '../../src/probes/check.ts'
import {runChecks, type RunChecksOptions} from '../../src/probes/run-checks.ts'
import {serveHttp, type HttpServer} from '../fixtures/serve-http.ts'

const servers: HttpServer[] = []
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()))
})

async function serve(...args: Parameters<typeof serveHttp>): Promise<HttpServer> {
  const server = await serveHttp(...args)
  servers.push(server)
  return server
}

function check(name: string, address: string, extra: Partial<Check> = {}): Check {
  const target = {address, display: address}
  return {
    name,
    probe: 'http',
    target,
    options: {},
    attempts: 1,
    intervalMs: 0,
    timeoutMs: 5000,
    needs: [],
    tags: [],
    ...extra,
  }
}

function run(checks: readonly Check[], options: Partial<RunChecksOptions> = {}): Promise<CheckResult[]> {
  return runChecks(checks, {signal: new AbortController().signal, secrets: [], concurrency: 4, ...options})
}

const ok = (result: CheckResult | undefined) => result?.attempts.map((attempt) => attempt.ok)

describe('checks of a run', () => {
  test('come back in the order in which they were given, whatever the order in which they ran', async () => {
    const {address: url} = await serve((_request, response) => response.end())
    const results = await run([check('last', url, {needs: ['first']}), check('first', url)])
    expect(results.map((result) => result.check)).toEqual(['last', 'first'])
  })

  test('run after those that they need', async () => {
    const asked: (string | undefined)[] = []
    const {address: url} = await serve((request, response) => {
      asked.push(request.url)
      response.end()
    })
    await run([
      check('top', `${url}/top`, {needs: ['middle']}),
      check('middle', `${url}/middle`, {needs: ['bottom']}),
      check('bottom', `${url}/bottom`),
    ])
    expect(asked).toEqual(['/bottom', '/middle', '/top'])
  })

  test('are skipped when what they need failed, and say by what they were blocked', async () => {
    const {address: url} = await serve((_request, response) => response.writeHead(503).end())
    const [, middle, top] = await run([
      check('bottom', url),
      check('middle', url, {needs: ['bottom']}),
      check('top', url, {needs: ['middle']}),
    ])
    expect(middle).toMatchObject({attempts: [], skipped: 'blocked by bottom'})
    expect(top).toMatchObject({attempts: [], skipped: 'blocked by middle'})
  })

  test('need the same target where what they need has it, so that one dead node of a fleet blocks only its own', async () => {
    const live = await serve((_request, response) => response.end())
    const dead = await serve((_request, response) => response.writeHead(503).end())
    const results = await run([
      check('node', live.address),
      check('node', dead.address),
      check('call', live.address, {needs: ['node']}),
      check('call', dead.address, {needs: ['node']}),
    ])
    expect(results.map(({skipped}) => skipped)).toEqual([undefined, undefined, undefined, 'blocked by node'])
  })

  test('that need a fleet run when one of its targets is alive', async () => {
    const live = await serve((_request, response) => response.end())
    const dead = await serve((_request, response) => response.writeHead(503).end())
    const results = await run([
      check('node', live.address),
      check('node', dead.address),
      check('app', `${live.address}/app`, {needs: ['node']}),
    ])
    expect(ok(results[2])).toEqual([true])
  })

  test('are never more at once than allowed', async () => {
    let [now, most] = [0, 0]
    const {address: url} = await serve((_request, response) => {
      most = Math.max(most, ++now)
      setImmediate(() => {
        now--
        response.end()
      })
    })
    await run(
      Array.from({length: 12}, (_, index) => check(`check-${index}`, url)),
      {concurrency: 2},
    )
    expect(most).toBeLessThanOrEqual(2)
  })

  test('make their attempts one after the other and tell of each as it ends', async () => {
    const {address: url} = await serve((_request, response) => response.end())
    const told: string[] = []
    const [result] = await run([check('three', url, {attempts: 3, intervalMs: 1})], {
      onAttempt: ({check: name}) => told.push(name),
    })
    expect(ok(result)).toEqual([true, true, true])
    expect(told).toEqual(['three', 'three', 'three'])
  })

  test('end with what is known when the run is stopped: unmeasured, not bad', async () => {
    const stop = new AbortController()
    const {address: url} = await serve(() => stop.abort(new ProbeFailure('aborted', 'interrupted')))
    const [waiting, next] = await run([check('waiting', url), check('next', url, {needs: ['waiting']})], {
      signal: stop.signal,
    })
    expect(waiting?.attempts).toMatchObject([{ok: false, failure: {code: 'aborted'}, events: []}])
    expect(next?.skipped).toBe('blocked by waiting')
  })

  test('show no secret, whoever repeats it', async () => {
    const {address: url} = await serve((request, response) =>
      response.writeHead(403).end(`no entry for ${request.headers.authorization}`),
    )
    const [result] = await run([check('secret', url, {options: {auth: {bearer: 'canary-7f3a'}}})], {
      secrets: ['canary-7f3a'],
    })
    expect(JSON.stringify(result)).toContain('[redacted]')
    expect(JSON.stringify(result)).not.toContain('canary-7f3a')
  })
})
