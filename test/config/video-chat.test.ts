import {beforeAll, describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import type {Objective} from '../../src/core/objective.ts'
import type {Config} from '../../src/config/config-schema.ts'
import {planOf, type Plan} from '../../src/config/plan.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import {listProfiles, showProfile} from '../../src/config/show-profile.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {
  boundsOf,
  minutes,
  objectiveOf,
  promtoolOn,
  queriesOf,
  readDocumented,
  undelivered,
  unpromised,
  type DocumentedPromise,
} from '../fixtures/documented.ts'

let config: Config
let plan: Plan

beforeAll(async () => {
  ;({config, plan} = await readDocumented('video-chat', {
    backend: 'http://127.0.0.1:1',
    stun: 'stun:127.0.0.1:1',
    turn: ['turn:127.0.0.1:1?transport=udp', 'turns:127.0.0.1:2'],
  }))
})

const objective = (id: string): Objective => objectiveOf(plan, id)

/** The document's table of objectives: the promise, the alert, its severity, and what can decide. */
const promises: readonly DocumentedPromise[] = [
  {
    id: 'signaling-latency',
    target: {share: 0.95, max: 200, strict: true},
    alert: {share: 0.95, max: 500, forMs: minutes(5), severity: 'critical', runbook: 'high-signaling-latency'},
    sources: ['probe', 'drill', 'prometheus'],
  },
  {
    id: 'match-latency',
    target: {share: 0.95, max: 5000, strict: true},
    alert: {share: 0.95, max: 10_000, forMs: minutes(5), severity: 'warning'},
    sources: ['probe', 'drill', 'prometheus'],
  },
  {
    id: 'ice-success',
    target: {share: 0.95},
    alert: {share: 0.9, forMs: minutes(5), severity: 'warning', runbook: 'low-ice-connection-success'},
    sources: ['probe', 'prometheus'],
  },
  {
    id: 'turn-fallback',
    target: {share: 0.85, strict: true},
    alert: {share: 0.8, forMs: minutes(10), severity: 'warning'},
    sources: ['prometheus'],
  },
  {
    id: 'availability',
    target: {share: 0.999},
    alert: {share: 1, consecutive: 1, severity: 'critical', runbook: 'pod-crash-loop'},
    sources: ['probe', 'prometheus'],
  },
  {
    id: 'error-rate',
    target: {share: 0.999, strict: true},
    alert: {share: 0.99, forMs: minutes(5), severity: 'warning'},
    sources: ['probe', 'drill', 'prometheus'],
  },
  {
    id: 'turn-availability',
    target: {share: 0.99},
    alert: {share: 0, strict: true, forMs: minutes(2), severity: 'critical', runbook: 'low-ice-connection-success'},
    sources: ['probe', 'drill', 'prometheus'],
  },
]

test.each(promises)('$id is promised and alerted on as documented', (row) => {
  expect(objective(row.id)).toMatchObject({sources: row.sources, role: 'promise', kind: 'events'})
  expect(objective(row.id).bounds).toEqual(boundsOf(row))
})

test('every promise that a probe can decide has a check that delivers its events', async () => {
  expect(await undelivered(plan)).toEqual([])
})

test('no objective is left over', () => {
  expect(plan.objectives.map(({id}) => id)).toEqual(promises.map(({id}) => id))
})

test('what the document does not say is marked as assumed, and where it errs there is a note', () => {
  expect(objective('error-rate').assumed).toMatch(/names no denominator/)
  expect(config.objectives['match-latency']?.alert?.note).toMatch(/5000 ms in the alerting rules/)
  expect(config.objectives.availability?.note).toMatch(/86\.4 s a day and 43\.2 min in 30 days/)
  expect(config.routing?.note).toMatch(/severity/)
  expect(config.notes.join(' ')).toMatch(/21\.6 min are left/)
})

test('every check that the document describes is there, each address of the TURN fleet apart', () => {
  expect(plan.checks.map(({name, probe, target}) => [name, probe, target.address])).toEqual([
    ['health', 'http', 'http://127.0.0.1:1'],
    ['handshake', 'socketio', 'http://127.0.0.1:1'],
    ['signaling', 'signaling', 'http://127.0.0.1:1'],
    ['stun', 'stun', 'stun:127.0.0.1:1'],
    ['turn', 'turn', 'turn:127.0.0.1:1?transport=udp'],
    ['turn', 'turn', 'turns:127.0.0.1:2'],
    ['ice', 'ice', 'turn:127.0.0.1:1?transport=udp'],
    ['ice', 'ice', 'turns:127.0.0.1:2'],
    ['call', 'call', 'http://127.0.0.1:1'],
  ])
  expect(plan.checks.find(({name}) => name === 'signaling')?.needs).toEqual(['handshake'])
  expect(plan.checks.find(({name}) => name === 'ice')?.needs).toEqual(['turn'])
})

test('the credentials of the TURN server are said once, for all checks on it', async () => {
  const cwd = configFolder({
    'probe.yaml': 'targets: {turn: {address: "turn:127.0.0.1", credentials: {secret: "${SECRET}"}}}',
  })
  const {checks, missing} = planOf(await resolveConfig({env: {SECRET: 'north'}, cwd}))
  expect(checks.map(({name, options}) => [name, (options as {credentials: unknown}).credentials])).toEqual([
    ['turn', {secret: 'north'}],
    ['ice', {secret: 'north'}],
  ])
  const watching = ['metrics', 'redis', 'prometheus', 'alertmanager', 'grafana', 'dashboards']
  expect(missing.map(({check}) => check)).toEqual(['health', 'handshake', 'signaling', 'stun', 'call', ...watching])
})

test('a deployment that speaks another transport says so once, for the handshake and the signaling', async () => {
  const says = (transport: string) =>
    configFolder({
      'probe.yaml': `{targets: {backend: 'http://127.0.0.1:1'}, dialect: {transport: ${transport}}}`,
    })
  const moved = says('{kind: socket.io, path: /rtc/}')
  const {checks} = planOf(await resolveConfig({env: {}, cwd: moved}))
  for (const name of ['handshake', 'signaling']) {
    const options = checks.find((check) => check.name === name)?.options
    expect(options).toMatchObject({dialect: {transport: {path: '/rtc/', namespace: '/'}}})
  }
  const plain = says('{kind: ws, path: /rtc}')
  await expect(resolveConfig({env: {}, cwd: plain})).rejects.toThrow(/dialect\.transport\.kind: expected "socket\.io"/)
})

test('resource alerts, error types, metrics, peak, runbooks, dashboards and routing are complete', () => {
  const alerts = Object.values(config.alerts).map((alert) => [alert.severity, alert.for, alert.expr])
  expect(alerts).toEqual([
    ['warning', minutes(5), expect.stringMatching(/> 1073741824$/)],
    ['warning', minutes(10), expect.stringMatching(/< 0\.1$/)],
    ['warning', minutes(5), expect.stringMatching(/> 0\.9$/)],
    ['critical', minutes(1), expect.stringMatching(/\[5m\]\)\) > 5$/)],
  ])
  expect(config.error_types).toEqual(['auth_failed', 'connection_timeout', 'ice_failed', 'offer_expired'])
  const families = Object.entries(config.metrics)
  expect(families.filter(([, {assumed}]) => !assumed)).toHaveLength(7)
  expect(families.filter(([, {assumed}]) => assumed)).toHaveLength(13)
  expect(config.metrics.signaling_latency_ms?.buckets).toEqual([50, 100, 200])
  expect(config.peak).toMatchObject({sessions: 1000, factor: 2})
  expect(config.ports.map(({port, transport}) => [port, transport])).toEqual([
    [3478, 'udp'],
    [5349, 'tcp'],
  ])
  expect(Object.values(config.runbooks).map(({title}) => title)).toEqual([
    'High Signaling Latency',
    'Low ICE Connection Success',
    'Pod Crash Loop',
    'Redis Connection Pool Exhaustion',
    'Rapid Report Spam',
  ])
  expect(Object.values(config.dashboards).map(({title, panels}) => [title, panels.length])).toEqual([
    ['Overview', 5],
    ['Performance', 5],
    ['Errors & Issues', 5],
    ['Moderation', 5],
  ])
  expect(config.routing).toMatchObject({
    group_by: ['alertname', 'cluster', 'service'],
    group_wait: 30_000,
    group_interval: minutes(5),
    repeat_interval: 4 * minutes(60),
  })
  expect(config.tracing).toMatchObject({service: 'video-chat-backend'})
  expect(config.maintenance).toContainEqual({every: 'quarter', task: 'Load test at twice the expected peak'})
})

describe('PromQL', () => {
  test('every query of the profile parses', () => {
    const queries = queriesOf(config)
    expect(promtoolOn(queries)).toContain(`SUCCESS: ${queries.length} rules found`)
  })

  test('every metric of the system in a query is in its contract', () => {
    expect(unpromised(config, /^(up|node_|container_|kube_|redis_)/)).toEqual([])
  })
})

test('profiles are listed with what they were read from, and shown whole', async () => {
  expect(await listProfiles()).toContainEqual({
    name: 'video-chat',
    title: 'Random one-to-one video chat over WebRTC (NestJS, Socket.IO signaling, Redis, coturn)',
    document: 'Monitoring & Observability: Dashboards, Metrics, and SLOs',
  })
  const shown = await showProfile('video-chat')
  expect(Object.keys(shown)).toContain('runbooks')
  await expect(showProfile('video-chatt')).rejects.toThrow(/did you mean "video-chat"/)
  expect(parse(JSON.stringify(shown))).toEqual(shown)
})
