import {afterAll, beforeAll, describe, expect, test, vi} from 'vitest'
import type {Report} from '../../src/core/report.ts'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {runCli, type CliResult} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {END, growing, startPrometheusWith, steady, type Past} from '../fixtures/prometheus-past.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import type {Service} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'

/** Each case starts the program, some more than once. */
vi.setConfig({testTimeout: 90_000})

const HOUR = 3_600_000
const grows = (perHour: number) => growing(perHour, 2 * HOUR)
const histogram = (name: string, counts: Readonly<Record<string, number>>) => [
  ...Object.entries(counts).map(([le, perHour]) => ({name: `${name}_bucket`, labels: {le}, at: grows(perHour)})),
  {name: `${name}_count`, at: grows(counts['+Inf'] ?? 0)},
]

/** A video chat that was well for two hours, but for one in thirty of its ICE attempts, and a backend that was down once. */
const past: Past = {
  lengthMs: 2 * HOUR,
  stepMs: 60_000,
  series: [
    ...histogram('signaling_latency_ms', {50: 900, 100: 950, 200: 980, 500: 1000, '+Inf': 1000}),
    ...histogram('matching_latency_ms', {'5000.0': 990, '10000.0': 1000, '+Inf': 1000}),
    {name: 'ice_attempted_total', at: grows(600)},
    {name: 'ice_connected_total', at: grows(580)},
    {name: 'turn_relay_total', at: grows(60)},
    {name: 'connections_completed_total', at: grows(580)},
    {name: 'connections_total', labels: {status: 'connected'}, at: grows(600)},
    {name: 'up', labels: {job: 'backend', instance: 'a:1'}, at: (before) => (before === HOUR / 2 ? 0 : 1)},
    {name: 'up', labels: {job: 'coturn', instance: 'c:1'}, at: steady(1)},
  ],
}
const USER = ['prober', '$2b$04$gPJYlMz9vRGQaJm9J25km.TWn3T432NQdrloO1CmjSSvecY0Q9yP.'] as const
const AT = ['--at', new Date(END).toISOString()]

function check(
  url: string,
  args: readonly string[] = [],
  files: Readonly<Record<string, string>> = {},
): Promise<CliResult> {
  return runCli(['slo', 'check', '--prometheus', url, '--json', ...AT, ...args], {cwd: configFolder(files)})
}

function reportIn({stdout}: CliResult): Report {
  const report = JSON.parse(stdout) as Report
  expect(schemaErrors(report)).toEqual([])
  return report
}

const outcomes = ({verdicts}: Report) => verdicts.map(({objective, status}) => `${objective} ${status}`).toSorted()

describe('slo check', () => {
  need('prometheus')
  let server: Service
  beforeAll(async () => {
    server = await startPrometheusWith(past, {user: USER})
  })
  afterAll(() => server.close())

  const asProber = (args: readonly string[], files: Readonly<Record<string, string>> = {}) =>
    runCli(['slo', 'check', '--prometheus', server.url, '--user', USER[0], ...AT, ...args], {
      cwd: configFolder(files),
      env: {PROBE_PASSWORD: 's3cret-pass'},
    })

  test('judges every objective of a profile, by every bound', async () => {
    const result = await asProber(['--json'])
    const report = reportIn(result)
    expect(outcomes(report)).toEqual([
      'availability fail', // any downtime
      'error-rate pass',
      'ice-success pass',
      'match-latency pass',
      'signaling-latency pass',
      'turn-availability pass',
      'turn-fallback pass',
    ])
    expect(report.verdicts[0]).toMatchObject({
      target: 'backend a:1',
      runbook: 'pod-crash-loop',
      bounds: [{met: false}, {met: false, tally: {worstRun: 1}}],
    })
    expect(report.verdicts.find(({objective}) => objective === 'error-rate')?.notes).toEqual([
      'no series: errors_total counts as 0',
    ])
    expect(result.code).toBe(1)
    expect(result.stdout + result.stderr).not.toContain('s3cret')
  })

  test('prints a table, with the window and what was noted', async () => {
    const {stdout} = await asProber(['--window', '20m'])
    expect(stdout).toMatch(/^PASS {2}video-chat: 7 objectives kept\n/)
    expect(stdout).toContain('\nnote: Operations without an error @ ')
    expect(stdout).toContain('\nwindow: 20 min up to 2026-03-02T12:00:00.000Z\n')
    expect(stdout).toMatch(/\nverdict: pass \(7 objectives, 7 pass\) in /)
  })

  test('a window that is longer than the data is inconclusive', async () => {
    const result = await asProber(['--window', '7d', '--json'])
    expect(result.code).toBe(3)
    expect(reportIn(result).verdicts.map(({why = ''}) => why)).toContainEqual(
      expect.stringMatching(/^the window of 168 h is longer than the data, which begin /) as unknown,
    )
  })

  test('a query that only Prometheus finds unreadable is told with its place, and exits with 2', async () => {
    const config =
      'objectives:\n  ice-success:\n    prometheus: {level: "sum(1, 2)", unit: ratio}\n    target: {max: 1}\n    alert: {max: 2}\n'
    const {code, stderr} = await asProber([], {'probe.yaml': config})
    expect(stderr).toMatch(/^probe\.yaml:3:5 objectives\.ice-success\.prometheus: .*parse error/)
    expect(code).toBe(2)
  })

  test('one that cannot be read at all needs no server', async () => {
    const config = 'objectives:\n  ice-success:\n    prometheus: {good: "sum(rate(", total: a}\n'
    const cwd = configFolder({'probe.yaml': config})
    const {code, stderr} = await runCli(['slo', 'check', '--lint'], {cwd})
    expect(stderr).toBe(
      'probe.yaml:3:24 objectives.ice-success.prometheus.good: expected PromQL, got its end at character 10\n',
    )
    expect(code).toBe(2)
  })

  test('the budget of a day is 86.4 s, and one that is overspent exits with 1', async () => {
    const result = await runCli(
      ['slo', 'budget', '--prometheus', server.url, '--user', USER[0], '--window', '1h', '--json', ...AT],
      {cwd: configFolder({}), env: {PROBE_PASSWORD: 's3cret-pass'}},
    )
    const {budgets, status} = JSON.parse(result.stdout) as {
      status: string
      budgets: {objective: string; rows: {budget: {time: object} | null; runsOutInMs: number}[]}[]
    }
    const availability = budgets.find(({objective}) => objective === 'availability')
    expect(availability?.rows).toMatchObject([{budget: {time: {allowed: 3600}}, runsOutInMs: 0}])
    expect([status, result.code]).toEqual(['degraded', 1])
  })

  test('without the password nothing is known, and that is said once', async () => {
    const result = await check(server.url)
    const report = reportIn(result)
    expect(result.code).toBe(3)
    expect(report.run.health.disturbances).toEqual([
      {
        kind: 'no_answer',
        message: 'Prometheus refuses our credentials (401 Unauthorized): give --user or a bearer token',
      },
    ])
    expect(new Set(report.verdicts.map(({status}) => status))).toEqual(new Set(['inconclusive']))
  })
})

describe('a Prometheus that cannot be asked leaves everything unknown', () => {
  async function disturbance(url: string, args: readonly string[] = []): Promise<string | undefined> {
    const result = await check(url, args)
    expect(result.code).toBe(3)
    return reportIn(result).run.health.disturbances[0]?.message
  }

  test('whose certificate nobody vouches for, and which an authority puts right', async () => {
    need('prometheus')
    const certificate = await makeCertificate()
    const server = closing(await startPrometheusWith(past, {certificate}))
    expect(await disturbance(server.url)).toMatch(/^Prometheus cannot be asked: .*certificate/)
    const trusted = await check(server.url, ['--ca', 'ca.pem'], {'ca.pem': certificate.ca})
    expect(reportIn(trusted).run.health.disturbances).toEqual([])
  })

  test.each([
    ['http://127.0.0.1:1', /^Prometheus cannot be asked: connection refused/],
    ['http://name.invalid', /^Prometheus cannot be asked: /],
  ])('%s', async (url, message) => {
    expect(await disturbance(url)).toMatch(message)
  })

  const says = (status: number, body: string | object, headers: Record<string, string> = {}) => ({
    status,
    body,
    headers,
  })
  test.each([
    [says(200, '<html>Welcome</html>'), /^expected JSON of the API of Prometheus, got 200 OK with "<html>/],
    [says(404, 'not here'), /^expected the API of Prometheus, got 404 Not Found: is the path of the address right\?$/],
    [says(302, '', {location: '/login'}), /^expected the API of Prometheus, got a redirect to \/login$/],
    [says(503, 'busy'), /^the proxy before Prometheus answered 503/],
    [
      says(200, {status: 'success', data: {resultType: 'scalar', result: [1, '1']}, warnings: ['store down']}),
      /^the answer is partial: store down$/,
    ],
  ])('%j', async ({status, body, headers}, message) => {
    const server = closing(
      await serveHttp((_request, response) => {
        response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body))
      }),
    )
    expect(await disturbance(server.address)).toMatch(message)
  })

  test('one that is mute is waited for no longer than it is told', async () => {
    const server = closing(await serveHttp(() => {}))
    expect(await disturbance(server.address, ['--timeout', '200ms'])).toBe('Prometheus did not answer within 200 ms')
  })
})

describe('a Prometheus that answers some queries leaves the others unknown', () => {
  /** Stands for servers that are not to be had: what it says is what their versions say. */
  async function whys(error: object, status: number): Promise<string[]> {
    const server = closing(
      await serveHttp(({url = ''}, response) => {
        const now = {status: 'success', data: {resultType: 'scalar', result: [END / 1000, String(END / 1000)]}}
        const asksTheTime = url.includes('time%28%29')
        response.writeHead(asksTheTime ? 200 : status).end(JSON.stringify(asksTheTime ? now : error))
      }),
    )
    const result = await check(server.address)
    expect(result.code).toBe(3)
    return [...new Set(reportIn(result).verdicts.map(({why = ''}) => why))]
  }

  test.each([
    [
      422,
      {errorType: 'timeout', error: 'query timed out in expression evaluation'},
      'the query took too long: query timed out in expression evaluation',
    ],
    [
      422,
      {errorType: 'execution', error: 'query processing would load too many samples'},
      'Prometheus could not answer (execution): query processing would load too many samples',
    ],
    [
      400,
      {errorType: 'bad_data', error: 'unknown function with name "x"'},
      'this Prometheus does not know what the query needs: unknown function with name "x"',
    ],
  ])('%d %j', async (status, error, why) => {
    expect(await whys({status: 'error', ...error}, status)).toEqual([why])
  })
})
