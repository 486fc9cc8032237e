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
import {contractPage} from '../fixtures/contract-series.ts'
import {dashboardPages, monitoringPages} from '../fixtures/monitoring-pages.ts'
import {servePages} from '../fixtures/serve-pages.ts'

let config: Config
let plan: Plan

beforeAll(async () => {
  ;({config, plan} = await readDocumented('nova', {service: 'http://127.0.0.1:1', socket: 'ws://127.0.0.1:1/ws'}))
})

const prometheus = {sources: ['prometheus']} as const
const probed = {sources: ['probe', 'drill', 'prometheus']} as const
const level = {...prometheus, kind: 'slices', unit: 'count'} as const
const critical = {severity: 'critical'}

/** The document's alerts: "warning" is the target, "critical" the alert. */
const promises: readonly DocumentedPromise[] = [
  {id: 'ws-errors', ...probed, target: {share: 0.95}, alert: {share: 0.85, ...critical}},
  {id: 'ws-latency', ...probed, unit: 'ms', target: {share: 0.95, max: 5000}},
  {id: 'ws-reconnects', ...level, target: {share: 1, max: 10}},
  {id: 'delivery-failure', ...prometheus, target: {share: 0.98}, alert: {share: 0.9, ...critical}},
  {id: 'delivery-latency', ...prometheus, unit: 'ms', target: {share: 0.95, max: 500}},
  {id: 'search-latency', ...prometheus, unit: 'ms', target: {share: 0.95, max: 2000}},
  {id: 'api-latency', ...prometheus, unit: 'ms', target: {share: 0.99, max: 1000}},
  {id: 'queue-pending', ...level, target: {share: 1, max: 1000}},
  {id: 'queue-failed', ...level, alert: {share: 1, max: 500, ...critical}},
  {id: 'conversation-create', ...prometheus, target: {share: 0.95}},
  {
    id: 'service-up',
    sources: ['probe', 'prometheus'],
    alert: {share: 0, strict: true, ...critical, runbook: 'missing-metrics'},
  },
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

test('errors of the WebSocket are divided by the messages sent, as the document does', () => {
  expect(config.objectives['ws-errors']?.prometheus).toEqual({bad: 'ws_errors_total', total: 'ws_messages_sent_total'})
})

test('alerts without a number of their own are there by their names, with their levels', () => {
  expect(Object.values(config.alerts).map(({title, severity}) => [title, severity])).toEqual([
    ['PersistentHighErrorRate', 'critical'],
    ['IdleConversationsTooHigh', 'info'],
    ['WebSocketHeartbeatFailures', 'info'],
    ['MessageSearchFailures', 'info'],
  ])
  expect(config.alerts['idle-conversations']?.expr).toMatch(/> 0\.9$/)
})

/** The document's metrics: type, and labels with their values. */
const contract: Readonly<Record<string, readonly [type: string, labels: Readonly<Record<string, readonly string[]>>]>> =
  {
    ws_connections_total: ['counter', {status: ['opened', 'closed', 'error']}],
    ws_messages_sent_total: ['counter', {message_type: ['message', 'typing', 'ping', 'pong']}],
    ws_messages_received_total: ['counter', {message_type: ['message', 'typing', 'ping', 'pong']}],
    ws_errors_total: ['counter', {error_type: ['timeout', 'decode', 'send_failed', 'connection_lost']}],
    ws_reconnections_total: ['counter', {reason: ['connection_lost', 'heartbeat_timeout']}],
    ws_message_latency_seconds: ['histogram', {message_type: ['message', 'typing']}],
    ws_active_connections: ['gauge', {conversation_id: []}],
    messages_sent_total: ['counter', {status: ['success', 'failed']}],
    messages_received_total: ['counter', {status: ['success', 'failed']}],
    message_delivery_failures_total: ['counter', {error_type: ['network', 'timeout', 'invalid', 'other']}],
    conversations_created_total: ['counter', {status: ['success', 'failed']}],
    message_searches_total: ['counter', {index_type: ['fulltext', 'bm25'], status: ['success', 'failed']}],
    message_search_latency_seconds: ['histogram', {index_type: ['fulltext', 'bm25']}],
    message_queue_depth: ['gauge', {queue_type: ['pending', 'failed', 'retry']}],
    message_delivery_latency_seconds: ['histogram', {delivery_type: ['direct', 'queue', 'broadcast']}],
    message_api_latency_seconds: ['histogram', {endpoint: ['send', 'receive', 'list', 'search']}],
  }

test('the metrics are those of the document, and the label that breaks its own rule is told', () => {
  const families = Object.entries(config.metrics).map(([name, {type, labels}]) => [name, [type, labels]])
  expect(Object.fromEntries(families)).toEqual(contract)
  expect(config.metrics.ws_message_latency_seconds?.buckets).toEqual([0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5])
  expect(config.metrics.ws_active_connections?.note).toMatch(/fewer than 100 combinations/)
})

test('recording rules, dashboards, receivers and times are those of the document', () => {
  expect(Object.entries(config.recording_rules).map(([name, {interval}]) => [name, interval])).toEqual([
    ['message:delivery:success_rate:5m', minutes(1)],
    ['message_search:p95_latency:5m', minutes(1)],
  ])
  expect(Object.values(config.dashboards).map(({title, panels}) => [title, panels.length])).toEqual([
    ['System Overview', 5],
    ['WebSocket Health', 5],
    ['Messaging Performance', 5],
    ['Error Analysis', 5],
  ])
  expect(config.routing).toMatchObject({
    group_by: ['alertname', 'cluster', 'service'],
    group_wait: 10_000,
    group_interval: 10_000,
    repeat_interval: minutes(12 * 60),
    resolve_timeout: minutes(5),
    receiver: 'default',
    receivers: {
      default: {},
      critical: {pagerduty: {severity: 'critical'}, slack: {channel: '#alerts-critical'}},
      warning: {slack: {channel: '#alerts-warning'}},
    },
  })
  expect(config.scrape).toMatchObject({interval: 15_000, evaluation_interval: 15_000})
  expect(config.notes.join(' ')).toMatch(
    /critical within 5 minutes .* warning within an hour, info on the next business/,
  )
})

test('there is no documented peak, only a place to ask for it', () => {
  expect(Object.keys(config.peak ?? {})).toEqual(['factor', 'query', 'query_of', 'note'])
})

describe('PromQL', () => {
  test('every query parses, recording rules under their names as well', () => {
    const queries = queriesOf(config)
    expect(promtoolOn(queries)).toContain(`SUCCESS: ${queries.length} rules found`)
    expect(promtoolOn([], config.recording_rules)).toContain('SUCCESS: 2 rules found')
  })

  test('every metric in a query is in the contract', () => {
    expect(unpromised(config, /^up$/)).toEqual([])
  })
})

describe('on a real system', () => {
  let system: Awaited<ReturnType<typeof nova>>
  beforeAll(async () => {
    system = await nova('pong')
  })
  afterAll(() => system.close())

  test('it is valid, listed and shown', async () => {
    const {code, stdout} = await onProfile(['config', 'validate'], 'nova', system.targets)
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^valid: profile nova/)])
    expect(await listProfiles()).toContainEqual({
      name: 'nova',
      title: 'Messaging over plain WebSockets, with search and delivery queues',
      document: 'Prometheus Monitoring and Alerting System',
    })
    expect(await showProfile('nova')).toMatchObject({name: 'nova', dashboards: expect.anything() as unknown})
  })

  test('a healthy one keeps every promise that a probe can decide', async () => {
    const {report, code} = await runProfile('nova', system.targets)
    const monitoring = ['alertmanager pass', 'dashboards pass', 'grafana pass', 'metrics pass', 'prometheus pass']
    expect(outcomes(report)).toEqual(
      [...monitoring, 'service-up pass', 'socket pass', 'ws-errors pass', 'ws-latency pass'].toSorted(),
    )
    expect(code).toBe(0)
  })

  test('one whose pings nobody answers has lost its messages, and the verdict says what is assumed', async () => {
    const deaf = await nova('typing')
    try {
      const {report, code} = await runProfile('nova', deaf.targets)
      expect(code).toBe(1)
      expect(outcomes(report)).toContain('ws-errors fail')
      const latency = report.verdicts.find(({objective}) => objective === 'ws-latency')
      expect(latency?.status).toBe('degraded')
      expect(latency?.assumed).toMatch(/types ping and pong/)
    } finally {
      await deaf.close()
    }
  })
})

/** A small messenger: metrics, what watches it, and a WebSocket that answers every ping with this type of message. */
async function nova(answer: 'pong' | 'typing'): Promise<{targets: Record<string, string>; close(): Promise<void>}> {
  const pages = await servePages({
    '/metrics': contractPage(config.metrics),
    ...monitoringPages,
    ...dashboardPages(config),
  })
  const sockets = new WebSocketServer({server: pages.server, path: '/ws'})
  sockets.on('connection', (socket) => {
    socket.on('error', () => {})
    socket.on('message', (data: Buffer) => {
      const {type} = JSON.parse(data.toString('utf8')) as {type: string}
      if (type === 'ping') socket.send(JSON.stringify({type: answer}))
    })
  })
  const {address} = pages
  return {
    targets: {
      service: address,
      socket: `${address.replace('http', 'ws')}/ws`,
      prometheus: address,
      alertmanager: address,
      grafana: address,
      dashboards: address,
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate()
      await pages.close()
    },
  }
}
