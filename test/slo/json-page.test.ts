import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {objectivesOf} from '../../src/config/objectives.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import {ruleGroups} from '../../src/slo/rules/rule-groups.ts'
import {runCli} from '../fixtures/cli.ts'
import {query, startPrometheus} from '../fixtures/prometheus.ts'
import {startPushgateway} from '../fixtures/pushgateway.ts'
import type {HttpServer} from '../fixtures/serve-http.ts'
import {servePages} from '../fixtures/serve-pages.ts'
import type {Service} from '../fixtures/service.ts'
import {until} from '../fixtures/coturn.ts'
import {need} from '../setup/need.ts'

/** The numbers of a chat backend of which every fifth request fails, and that has more to do whenever it is asked. */
function unwell(): object {
  let reads = 0
  return {
    toJSON() {
      const requests = 10_000 + 100 * ++reads
      return {
        requests: {total: requests, byEndpoint: {'POST /api/chat/messages': requests / 2}},
        errors: {total: requests / 5, rate: '20%', byEndpoint: {'POST /api/chat/messages': requests / 5}},
        latency: {average: 900, p95: 2500, unit: 'ms'},
        connections: {active: 6000},
      }
    },
  }
}

describe('a page of JSON, on its way by a run of probes, the Pushgateway and Prometheus', () => {
  need('prometheus-pushgateway')
  need('prometheus')
  let backend: HttpServer
  let gateway: Service
  let prometheus: Service
  let folder: string

  beforeAll(async () => {
    backend = await servePages({'/health': {status: 'OK'}, '/health/database': 503, '/metrics': unwell()})
    gateway = await startPushgateway()
    prometheus = await startPrometheus(gateway)
    folder = await mkdtemp(join(tmpdir(), 'json-page-'))
    const config = `profile: chat-backend
targets: {backend: '${backend.address}'}
checks: {handshake: false, metrics: {every: 10ms}}
sinks: {pushgateway: {url: '${gateway.url}', required: true}}
`
    await writeFile(join(folder, 'probe.yaml'), config)
    for (const requests of [10_200, 10_400]) {
      expect((await runCli(['run'], {cwd: folder})).code).toBe(1) // it is unwell, and the push was taken
      await until(async () => (await numbers(`requests_total == ${requests}`)).length > 0, 30_000)
    }
    await until(async () => (await numbers('sum(increase(requests_total[5m])) > 0')).length > 0, 30_000)
  }, 120_000)
  afterAll(() =>
    Promise.all([prometheus.close(), gateway.close(), backend.close(), rm(folder, {recursive: true, force: true})]),
  )

  const numbers = async (promql: string) => (await query(prometheus, promql)).map(({value}) => value)

  test('is counted as its server counts, and typed as what it is', async () => {
    const [series] = await query(prometheus, 'requests_by_endpoint_total')
    expect(series).toMatchObject({
      metric: {job: 'chat-backend', check: 'metrics', target: backend.address, endpoint: 'POST /api/chat/messages'},
      value: 5200,
    })
    const answer = await fetch(`${prometheus.url}/api/v1/metadata`)
    const {data} = (await answer.json()) as {data: Record<string, {type: string}[]>}
    const types = ['requests_total', 'errors_total', 'latency_p95_ms', 'connections_active'].map(
      (name) => data[name]?.[0]?.type,
    )
    expect(types).toEqual(['counter', 'counter', 'gauge', 'gauge'])
  })

  test('sets off the rules of the profile that are due, and no other', async () => {
    const {config} = await resolveConfig({flags: {profile: 'chat-backend'}, env: {}, cwd: '.'})
    const source = {name: config.name, objectives: objectivesOf(config), alerts: config.alerts}
    const groups = ruleGroups({...source, recordings: {}, stepMs: 15_000}, {everyMs: 60_000})
    const alerts = groups.find(({name}) => name === 'chat-backend-alerts')?.rules ?? []
    const due = await Promise.all(
      alerts.map(async (rule) =>
        'alert' in rule && (await query(prometheus, rule.expr)).length > 0 ? rule.alert : [],
      ),
    )
    expect(due.flat().toSorted()).toEqual([
      'Connections',
      'DatabaseFailure',
      'ErrorRate',
      'ErrorRatePage',
      'ErrorRateWarning',
      'LatencyP95',
      'LatencyP95Warning',
    ])
  })

  test('is what the dashboards show', async () => {
    const {stdout} = await runCli(['slo', 'dashboards', '--profile', 'chat-backend', '--json'])
    const {operations} = JSON.parse(stdout) as Record<string, {panels: {title: string; targets: {expr: string}[]}[]}>
    const shown = async (title: string) => {
      const [target] = operations?.panels.find((panel) => panel.title === title)?.targets ?? []
      return numbers(target?.expr ?? '')
    }
    expect(await shown('Error Rate %')).toEqual([expect.closeTo(20, 1)])
    expect(await shown('P95 Latency')).toEqual([2500])
    expect(await shown('Active Socket Connections')).toEqual([6000])
    expect(await shown('Request Rate (RPS)')).toEqual([expect.any(Number)])
  })
})
