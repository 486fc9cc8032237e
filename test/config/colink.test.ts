import {WebSocketServer} from 'ws'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Config} from '../../src/config/config-schema.ts'
import type {Plan} from '../../src/config/plan.ts'
import {listProfiles, showProfile} from '../../src/config/show-profile.ts'
import {
  boundsOf,
  minutes,
  objectiveOf,
  onProfile,
  outcomes,
  promtoolOn,
  queriesOf,
  readDocumented,
  runProfile,
  undelivered,
  unpromised,
  type DocumentedPromise,
} from '../fixtures/documented.ts'
import type {HttpServer} from '../fixtures/serve-http.ts'
import {contractPage} from '../fixtures/contract-series.ts'
import {dashboardPages, monitoringPages} from '../fixtures/monitoring-pages.ts'
import {servePages} from '../fixtures/serve-pages.ts'

/** The document's services, in the order of their ports. */
const services = ['users', 'messaging', 'files', 'search', 'admin', 'channels', 'gateway', 'presence']

let config: Config
let plan: Plan

beforeAll(async () => {
  const targets = Object.fromEntries(services.map((name) => [name, 'http://127.0.0.1:1']))
  ;({config, plan} = await readDocumented('colink', {...targets, socket: 'ws://127.0.0.1:1/ws'}))
})

const probed = {sources: ['probe', 'drill', 'prometheus']} as const
const level = {sources: ['prometheus'], kind: 'slices', unit: 'percent'} as const

/** The document's objectives, and of its alerts those with a number. */
const promises: readonly DocumentedPromise[] = [
  {id: 'availability', ...probed, target: {share: 0.999}},
  {
    id: 'latency-p95',
    ...probed,
    unit: 'ms',
    target: {share: 0.95, max: 500, strict: true},
    alert: {share: 0.95, max: 1000, severity: 'warning'},
  },
  {id: 'latency-p99', ...probed, unit: 'ms', target: {share: 0.99, max: 1000, strict: true}},
  {
    id: 'error-rate',
    sources: ['drill', 'prometheus'],
    target: {share: 0.999, strict: true},
    alert: {share: 0.95, severity: 'critical'},
  },
  {id: 'service-up', sources: ['probe', 'prometheus'], alert: {share: 0, strict: true, severity: 'critical'}},
  {id: 'cpu', ...level, alert: {share: 1, max: 80, severity: 'warning'}},
  {id: 'memory', ...level, alert: {share: 1, max: 90, severity: 'warning'}},
]

test.each(promises)('$id is promised and alerted on as documented', (row) => {
  const {id, sources, kind = 'events', unit} = row
  expect(objectiveOf(plan, id)).toMatchObject({sources, kind, role: 'promise', ...(unit && {unit})})
  expect(objectiveOf(plan, id).bounds).toEqual(boundsOf(row))
})

test('no objective is left over, and what a probe is to decide some check delivers', async () => {
  expect(plan.objectives.map(({id}) => id)).toEqual(promises.map(({id}) => id))
  expect(await undelivered(plan)).toEqual([])
})

test('alerts without a number are there, each with a note', () => {
  expect(Object.values(config.alerts).map(({title}) => title)).toEqual([
    'Database connection pool exhaustion',
    'Kafka consumer lag',
    'WebSocket connection issues',
    'SLA breach',
    'The monitoring itself',
  ])
  expect(Object.values(config.alerts).filter(({note}) => note === undefined)).toEqual([])
})

test('the budgets are the documented ones', () => {
  const budget = (days: number) => days * 24 * 60 * (1 - (config.objectives.availability?.target?.share ?? 0))
  expect(budget(30)).toBeCloseTo(43.2)
  expect(budget(7)).toBeCloseTo(10.08)
  expect(config.objectives.availability?.note).toMatch(/43\.2 min in 30 days, 10\.08 min in a week/)
})

test('the eight services answer at the documented ports, under /metrics', () => {
  const ports = services.map((name, index) => `http://${name}-service:${8001 + index}`)
  expect(services.map((name) => config.endpoints[name]?.example)).toEqual(ports)
  expect(Object.values(config.scrape?.jobs ?? {}).flatMap(({targets}) => targets)).toEqual(
    ports.map((address) => address.replace('http://', '')),
  )
  const paths = services.map((name) => plan.checks.find((check) => check.name === name)?.options)
  expect(paths).toEqual(services.map(() => expect.objectContaining({path: '/metrics'}) as unknown))
})

test('the metrics are those of the document', () => {
  const families = Object.entries(config.metrics).map(([name, {type}]) => `${name} ${type}`)
  expect(families).toEqual([
    'http_requests_total counter',
    'http_request_duration_seconds histogram',
    'http_requests_in_progress gauge',
    'messages_sent_total counter',
    'file_uploads_total counter',
    'search_queries_total counter',
    'user_registrations_total counter',
    'db_connections_active gauge',
    'db_query_duration_seconds histogram',
    'db_connection_errors_total counter',
    'redis_hits_total counter',
    'redis_misses_total counter',
    'redis_memory_used_bytes gauge',
    'websocket_active_connections gauge',
    'websocket_messages_sent_total counter',
    'websocket_messages_received_total counter',
    'websocket_disconnections_total counter',
  ])
  expect(Object.keys(config.metrics.http_requests_total?.labels ?? {})).toEqual(['method', 'endpoint', 'status'])
  expect(Object.keys(config.metrics.http_request_duration_seconds?.labels ?? {})).toEqual(['method', 'endpoint'])
})

test('dashboards, receivers, times and traces are those of the document', () => {
  expect(Object.values(config.dashboards).map(({title}) => title)).toEqual([
    'CoLink Services Overview',
    'API Performance',
    'Database Monitoring',
    'Kafka Monitoring',
    'Business Metrics',
  ])
  expect(config.routing).toMatchObject({
    group_by: ['alertname', 'cluster', 'service'],
    group_wait: 10_000,
    group_interval: 10_000,
    repeat_interval: minutes(12 * 60),
    receiver: 'default',
    routes: [
      {severity: 'critical', receiver: 'pagerduty'},
      {severity: 'warning', receiver: 'slack'},
    ],
    receivers: {default: {email: {to: 'ops@colink.io'}}, slack: {slack: {channel: '#alerts'}}},
  })
  expect(config.tracing).toMatchObject({endpoint: 'otel-collector:4317', exporter: 'otlp'})
})

test('there is no documented peak, only a place to ask for it', () => {
  expect(Object.keys(config.peak ?? {})).toEqual(['factor', 'query', 'query_of', 'note'])
})

describe('PromQL', () => {
  test('every query parses', () => {
    const queries = queriesOf(config)
    expect(promtoolOn(queries)).toContain(`SUCCESS: ${queries.length} rules found`)
  })

  test('every metric in a query is in the contract, or another program exports it', () => {
    expect(unpromised(config, /^(container_|kafka_|mongodb_|pg_stat_)/)).toEqual([])
  })
})

describe('on a real system', () => {
  let system: Awaited<ReturnType<typeof colink>>
  beforeAll(async () => {
    system = await colink()
  })
  afterAll(() => system.close())

  test('it is valid, listed and shown', async () => {
    const {code, stdout} = await onProfile(['config', 'validate'], 'colink', system.targets)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^valid: profile colink/)])
    expect(await listProfiles()).toContainEqual({
      name: 'colink',
      title: 'Eight services behind a gateway, with WebSocket presence and Kafka',
      document: 'CoLink Monitoring & Observability',
    })
    expect(await showProfile('colink')).toMatchObject({name: 'colink', dashboards: expect.anything() as unknown})
  })

  test('a healthy one keeps every promise that a probe can decide, each service judged apart', async () => {
    const {report, code} = await runProfile('colink', system.targets)
    const judged = ['availability', 'latency-p95', 'latency-p99', 'service-up']
    expect(outcomes(report)).toEqual(
      [
        ...judged.flatMap((objective) => services.map(() => `${objective} pass`)),
        ...services.map((name) => `${name}-metrics pass`),
        ...monitors.map((name) => `${name} pass`),
        'liveness pass',
        'socket pass',
      ].toSorted(),
    )
    expect(code).toBe(0)
  })

  test('one dead service of eight is down, and the other seven are not', async () => {
    const {report, code} = await runProfile('colink', {...system.targets, search: 'http://127.0.0.1:1'})
    expect(code).toBe(1)
    const down = report.verdicts.filter(({objective, status}) => objective === 'service-up' && status === 'fail')
    expect(down.map(({checks, failure}) => [checks, failure?.code])).toEqual([[['search'], 'refused']])
  })
})

const monitors = ['alertmanager', 'collector', 'dashboards', 'grafana', 'kafka', 'loki', 'prometheus']

/** Eight small services, the last with a WebSocket, and what watches them. */
async function colink(): Promise<{targets: Record<string, string>; close(): Promise<void>}> {
  const pages = {'/metrics': contractPage(config.metrics), ...monitoringPages}
  const watched = await servePages({
    ...monitoringPages,
    ...dashboardPages(config),
    '/ready': 'ready\n',
    '/': {status: 'Server available'},
    '/metrics': '# TYPE kafka_brokers gauge\nkafka_brokers 3\n',
  })
  const named = await Promise.all(
    services.map(async (name): Promise<[string, HttpServer]> => [name, await servePages(pages)]),
  )
  const servers = new Map(named)
  const presence = servers.get('presence')
  if (!presence) throw new Error('no presence service')
  const sockets = new WebSocketServer({server: presence.server, path: '/ws'})
  sockets.on('connection', (socket) => socket.on('error', () => {}))
  return {
    targets: {
      ...Object.fromEntries(named.map(([name, {address}]) => [name, address])),
      socket: `${presence.address.replace('http', 'ws')}/ws`,
      ...Object.fromEntries(monitors.map((name) => [name, watched.address])),
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      await Promise.all([watched.close(), ...named.map(([, server]) => server.close())])
    },
  }
}
