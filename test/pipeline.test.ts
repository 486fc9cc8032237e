import {beforeAll, describe, expect, test} from 'vitest'
import {ProbeFailure} from '../src/core/errors.ts'
import type {Report} from '../src/core/report.ts'
import {carryOut, type Conduct} from '../src/pipeline.ts'
import type {Check} from '../src/probes/check.ts'
import {probeNamed} from '../src/probes/probe-named.ts'
import {closing} from './fixtures/closing.ts'
import {startCoturn} from './fixtures/coturn.ts'
import {serveHttp} from './fixtures/serve-http.ts'
import {need} from './setup/need.ts'

function check(name: string, address: string, extra: Partial<Check> = {}): Check {
  return {
    name,
    probe: 'http',
    target: {address, display: address},
    options: {},
    attempts: 1,
    intervalMs: 0,
    timeoutMs: 5000,
    needs: [],
    tags: [],
    ...extra,
  }
}

function run(checks: readonly Check[], conduct: Partial<Conduct> = {}): Promise<Report> {
  const plan = {profile: 'none', instance: 'test', location: 'here', missing: [], objectives: [], secrets: []} as const
  return carryOut(
    {...plan, checks, runbooks: {}, selection: 'all'},
    {
      version: '0',
      signal: new AbortController().signal,
      timeoutMs: 10_000,
      concurrency: 4,
      strict: false,
      ...conduct,
    },
  )
}

const codes = ({checks}: Report) =>
  checks.map(({attempts}) => attempts.map((attempt) => (attempt.ok ? 'ok' : attempt.failure.code)))

const good = async () => closing(await serveHttp((_request, response) => response.end())).address
const mute = async () => closing(await serveHttp(() => {})).address

describe("a run's own deadline", () => {
  beforeAll(async () => {
    await (await probeNamed('http')).configure({}) // loading is not what these deadlines are about
  })

  test('ends what is under way, and blames the prober', async () => {
    const report = await run([check('good', await good()), check('mute', await mute())], {timeoutMs: 1000})
    expect(codes(report)).toEqual([['ok'], ['out_of_time']])
    expect(report.status).toBe('inconclusive')
    expect(report.verdicts[0]?.why).toBe("the run's deadline of 1000 ms came first")
  })

  test('leaves no promise kept by the attempts that came before it', async () => {
    const address = await good()
    const report = await run(
      [check('often', address, {attempts: 3, intervalMs: 600}), check('after', address, {needs: ['often']})],
      {timeoutMs: 1000},
    )
    expect(codes(report)).toEqual([['ok', 'ok', 'out_of_time'], ['out_of_time']])
    expect(report.verdicts.map(({status}) => status)).toEqual(['inconclusive', 'inconclusive'])
  })

  test('tells of checks that it left no time to begin, and sends nothing for them', async () => {
    let requests = 0
    const server = closing(await serveHttp(() => requests++))
    const report = await run([check('first', server.address), check('second', `${server.address}/second`)], {
      concurrency: 1,
      timeoutMs: 300,
    })
    expect(codes(report)).toEqual([['out_of_time'], ['out_of_time']])
    expect(requests).toBe(1)
  })

  test('that comes first of all leaves everything unknown', async () => {
    const report = await run([check('good', await good())], {timeoutMs: 0})
    expect(report.status).toBe('inconclusive')
  })
})

test('Ctrl-C between two attempts is told like one within', async () => {
  const stop = new AbortController()
  const report = await run([check('often', await good(), {attempts: 3, intervalMs: 5000})], {
    signal: stop.signal,
    onAttempt: () => stop.abort(new ProbeFailure('aborted', 'interrupted')),
  })
  expect(codes(report)).toEqual([['ok', 'aborted']])
  expect(report.status).toBe('inconclusive')
})

test('a credential that expired by a wrong clock: the hint knows the clock of HTTP at the same address, the verdict its runbook', async () => {
  need('turnserver')
  const {port} = closing(await startCoturn({secret: 'north'}))
  const {address} = closing(
    await serveHttp((_request, response) => {
      response.writeHead(200, {date: new Date(Date.now() - 95_000).toUTCString()}).end()
    }),
  )
  const username = `${Math.round(Date.now() / 1000) - 30}:probe`
  const report = await run([
    check('web', address),
    check('relay', `turn:127.0.0.1:${port}`, {
      probe: 'turn',
      options: {credentials: {username, password: 'whatever'}},
      runbook: 'no-relay',
    }),
  ])
  const verdict = report.verdicts.find(({checks}) => checks.includes('relay'))
  expect(verdict).toMatchObject({runbook: 'no-relay', failure: {code: 'turn_credential_expired', phase: 'allocate'}})
  expect(verdict?.failure?.hint).toMatch(
    /^this machine's clock is 9[456] s ahead of that of HTTP at the server's address \(Date\): by it the credential is good for 6\d s more; mint/,
  )
})
