import {WebSocketServer} from 'ws'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Config} from '../../src/config/config-schema.ts'
import {loadPlan, type Plan} from '../../src/config/plan.ts'
import {listProfiles, showProfile} from '../../src/config/show-profile.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {until} from '../fixtures/coturn.ts'
import {
  boundsOf,
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
import {query, startPrometheus} from '../fixtures/prometheus.ts'
import type {Service} from '../fixtures/service.ts'
import {contractPage} from '../fixtures/contract-series.ts'
import {startNodeExporter} from '../fixtures/exporters.ts'
import {monitoringPages} from '../fixtures/monitoring-pages.ts'
import {servePages} from '../fixtures/serve-pages.ts'
import {need} from '../setup/need.ts'

let config: Config
let plan: Plan

beforeAll(async () => {
  ;({config, plan} = await readDocumented('bambisleep', {app: 'http://127.0.0.1:1', socket: 'ws://127.0.0.1:1'}))
})

/** Of the document's alerts those that events decide. It has no targets. */
const promises: readonly DocumentedPromise[] = [
  {id: 'http-error-rate', sources: ['drill', 'prometheus'], alert: {share: 0.95, severity: 'critical'}},
  {
    id: 'response-time',
    sources: ['probe', 'drill', 'prometheus'],
    unit: 'ms',
    alert: {share: 0.95, max: 1000, severity: 'warning'},
  },
]

test.each(promises)('$id is alerted on as documented', (row) => {
  const {id, sources, unit} = row
  expect(objectiveOf(plan, id)).toMatchObject({sources, kind: 'events', role: 'promise', ...(unit && {unit})})
  expect(objectiveOf(plan, id).bounds).toEqual(boundsOf(row))
})

test('no objective is left over, and what a probe is to decide some check delivers', async () => {
  expect(plan.objectives.map(({id}) => id)).toEqual(promises.map(({id}) => id))
  expect(await undelivered(plan)).toEqual([])
})

test('the other six alerts are there; where the document has no number, the note says whose it is', () => {
  expect(
    Object.entries(config.alerts).map(([id, {expr}]) => [id, />|</.exec(expr)?.[0], expr.split(' ').at(-1)]),
  ).toEqual([
    ['auth-failures', '>', '10'],
    ['directory-traversal', '>', '0'],
    ['low-deployment-frequency', '<', '1'],
    ['high-change-failure-rate', '>', '15'],
    ['subscription-failures', '>', '0'],
    ['stripe-webhook-errors', '>', '0'],
  ])
  expect(config.alerts['auth-failures']?.expr).toContain('[5m]')
  for (const id of ['low-deployment-frequency', 'high-change-failure-rate', 'stripe-webhook-errors'])
    expect(config.alerts[id]?.note, id).toMatch(/assumed/)
})

test('the path of an alert is a hundred bad logins', () => {
  const {objective, target, method, path, body = '', times} = config.alert_path ?? {}
  expect([objective, target, method, path, times]).toEqual(['http-error-rate', 'app', 'POST', '/auth/login', 100])
  expect(JSON.parse(body)).toEqual({username: 'invalid', password: 'wrong'})
})

test('the path of an alert cannot lead nowhere', async () => {
  const cwd = configFolder({
    'probe.yaml': `profile: bambisleep
alert_path: {objective: http-eror-rate, target: ap}
objectives: {response-time: null}`,
  })
  await expect(loadPlan({env: {}, cwd})).rejects.toThrow(
    `probe.yaml:2:25 alert_path.objective: expected the name of an objective, got "http-eror-rate" (did you mean "http-error-rate"?)
probe.yaml:2:49 alert_path.target: expected the name of a target, got "ap" (did you mean "app"?)`,
  )
})

test('the endpoints are at the documented ports', () => {
  const ports = Object.entries(config.endpoints).map(([name, {example}]) => [name, new URL(example).port])
  expect(ports).toEqual([
    ['app', '3000'],
    ['socket', '3000'],
    ['prometheus', '9090'],
    ['grafana', '3001'],
    ['dashboards', '3001'],
    ['alertmanager', '9093'],
    ['node', '9100'],
  ])
  expect(config.scrape?.interval).toBe(15_000)
})

test('the metrics are those of the document, the gauge with the name of a counter among them', () => {
  const families = Object.entries(config.metrics).map(([name, {type, labels}]) => {
    return [name, type, ...Object.keys(labels ?? {})].join(' ')
  })
  expect(families).toEqual([
    'http_requests_total counter method route status',
    'http_request_duration_seconds histogram method route',
    'http_requests_errors_total counter method route type',
    'auth_attempts_total counter type',
    'auth_active_sessions gauge',
    'security_events_total counter type',
    'stripe_payment_value_total counter',
    'stripe_subscriptions_active gauge',
    'content_access_total counter type path',
    'video_stream_duration_seconds histogram',
    'deployment_frequency_total counter',
    'deployment_lead_time_seconds histogram',
    'change_failure_rate gauge',
    'mttr_seconds histogram',
    'websocket_connections_total gauge',
    'websocket_messages_total counter type',
  ])
  expect(config.metrics.websocket_messages_total?.labels?.type).toEqual(['auth', 'chat', 'ping'])
})

test('dashboards, channels and peak are those of the document', () => {
  expect(Object.values(config.dashboards).map(({title}) => title)).toEqual([
    'HTTP RED Metrics',
    'DORA Metrics',
    'Auth & Security',
    'Stripe Payments',
    'WebSocket Metrics',
    'Business Metrics',
  ])
  expect(config.routing?.receivers).toMatchObject({
    critical: {slack: {channel: '#alerts-critical'}},
    warnings: {slack: {channel: '#alerts-warnings'}},
    general: {slack: {channel: '#alerts-general'}},
  })
  expect(config.peak).toMatchObject({vus: 10, factor: 2})
  expect(config.peak?.note).toMatch(/30 s/)
})

describe('PromQL', () => {
  test('every query parses', () => {
    const queries = queriesOf(config)
    expect(promtoolOn(queries)).toContain(`SUCCESS: ${queries.length} rules found`)
  })

  test('every metric in a query is in the contract, but for the label of failed logins', () => {
    expect(unpromised(config, /^$/)).toEqual([])
    expect(config.metrics.auth_attempts_total?.note).toMatch(/label "success"/)
  })
})

describe('on a real system', () => {
  need('prometheus')
  need('prometheus-node-exporter')
  let system: Awaited<ReturnType<typeof bambisleep>>
  let prometheus: Service
  let targets: Record<string, string>

  beforeAll(async () => {
    system = await bambisleep()
    prometheus = await startPrometheus({url: system.targets.app ?? '', close: () => system.close()})
    targets = {...system.targets, prometheus: prometheus.url}
    await until(async () => (await query(prometheus, 'up == 1')).length > 0, 15_000)
  })
  afterAll(async () => {
    await prometheus.close()
    await system.close()
  })

  test('it is valid, listed and shown', async () => {
    const {code, stdout} = await onProfile(['config', 'validate'], 'bambisleep', targets)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^valid: profile bambisleep/)])
    expect(await listProfiles()).toContainEqual({
      name: 'bambisleep',
      title: 'Web app with accounts, Stripe payments, a WebSocket and DORA metrics',
      document: 'Monitoring Stack & Observability',
    })
    expect(await showProfile('bambisleep')).toMatchObject({
      name: 'bambisleep',
      dashboards: expect.anything() as unknown,
    })
  })

  test('a healthy one passes, down to its six dashboards and every target of its Prometheus', async () => {
    const {report, code} = await runProfile('bambisleep', targets)
    expect(report.verdicts.filter(({status}) => status !== 'pass')).toEqual([])
    expect(outcomes(report)).toEqual(expect.arrayContaining(['response-time pass', 'prometheus pass', 'dora pass']))
    expect(report.checks.filter(({check}) => check.startsWith('dashboard-'))).toHaveLength(6)
    expect(code).toBe(0)
  })

  test('a dashboard that is missing is named', async () => {
    const bare = await servePages({'/api/search?type=dash-db&query=DORA': []})
    try {
      const {report, code} = await runProfile('bambisleep', {...targets, dashboards: bare.address})
      expect(code).toBe(1)
      const missing = report.verdicts.find(({objective}) => objective === 'dashboard-dora')
      expect(missing?.failure?.message).toMatch(/expected a body that matches .*DORA.*, got "\[\]"/)
    } finally {
      await bare.close()
    }
  })
})

/** A small web app with a WebSocket, Grafana's and Alertmanager's pages, and a real Node Exporter beside it. */
async function bambisleep(): Promise<{targets: Record<string, string>; close(): Promise<void>}> {
  const found = (title: string) => [{id: 1, title, type: 'dash-db'}]
  const pages = await servePages({
    '/health': {status: 'ok'},
    '/metrics': contractPage(config.metrics),
    '/dora': {deployments: 3},
    ...monitoringPages,
    '/api/search?type=dash-db&query=HTTP%20RED': found('HTTP RED Metrics'),
    '/api/search?type=dash-db&query=DORA': found('DORA Metrics'),
    '/api/search?type=dash-db&query=Auth': found('Auth & Security'),
    '/api/search?type=dash-db&query=Stripe': found('Stripe Payments'),
    '/api/search?type=dash-db&query=WebSocket': found('WebSocket Metrics'),
    '/api/search?type=dash-db&query=Business': found('Business Metrics'),
  })
  const node = await startNodeExporter()
  const {address} = pages
  const sockets = new WebSocketServer({server: pages.server})
  sockets.on('connection', (socket) => socket.on('error', () => {}))
  return {
    targets: {
      app: address,
      socket: address.replace('http', 'ws'),
      grafana: address,
      dashboards: address,
      alertmanager: address,
      node: node.url,
    },
    async close() {
      await node.close()
      for (const socket of sockets.clients) socket.terminate()
      await pages.close()
    },
  }
}
