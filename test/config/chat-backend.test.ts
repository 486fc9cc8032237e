import {Server} from 'socket.io'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Config} from '../../src/config/config-schema.ts'
import type {Plan} from '../../src/config/plan.ts'
import {listProfiles, showProfile} from '../../src/config/show-profile.ts'
import {parseJsonPath, readJsonPath} from '../../src/core/json-path.ts'
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
import {httpProxy} from '../fixtures/http-proxy.ts'
import {servePages, type Pages} from '../fixtures/serve-pages.ts'

let config: Config
let plan: Plan

beforeAll(async () => {
  ;({config, plan} = await readDocumented('chat-backend', {
    backend: 'http://127.0.0.1:1',
    messages: 'http://127.0.0.1:1',
  }))
})

const high = {severity: 'high'}
const load = {kind: 'slices', role: 'load', unit: 'count'} as const
const level = {kind: 'slices', sources: ['prometheus']} as const
const ms = {unit: 'ms'} as const

/** The document's tables and the tiers of its alerts. "Sustained" is 5 minutes throughout. */
const promises: readonly DocumentedPromise[] = [
  {
    id: 'request-rate',
    ...load,
    sources: ['metrics', 'prometheus'],
    target: {share: 1, min: 10, max: 100},
    alert: {share: 1, max: 200, forMs: minutes(5), ...high, runbook: 'high-latency'},
  },
  {
    id: 'error-rate',
    sources: ['drill', 'metrics', 'prometheus'],
    target: {share: 0.98, strict: true, forMs: minutes(10), runbook: 'high-error-rate'},
    alert: {share: 0.95, forMs: minutes(5), ...high, runbook: 'high-error-rate'},
    page: {share: 0.9, forMs: minutes(5), severity: 'critical', runbook: 'high-error-rate'},
  },
  {
    id: 'latency-p50',
    ...ms,
    sources: ['probe', 'drill', 'prometheus'],
    target: {share: 0.5, max: 100, strict: true},
    alert: {share: 0.5, max: 500, forMs: minutes(5), ...high, runbook: 'high-latency'},
  },
  {
    id: 'latency-p95',
    ...ms,
    sources: ['probe', 'drill', 'metrics', 'prometheus'],
    target: {share: 0.95, max: 500, strict: true, forMs: minutes(10), runbook: 'high-latency'},
    alert: {share: 0.95, max: 2000, forMs: minutes(5), ...high, runbook: 'high-latency'},
  },
  {
    id: 'latency-p99',
    ...ms,
    sources: ['probe', 'drill', 'prometheus'],
    target: {share: 0.99, max: 1000, strict: true},
    alert: {share: 0.99, max: 5000, forMs: minutes(5), ...high, runbook: 'high-latency'},
  },
  {
    id: 'connections',
    ...load,
    sources: ['metrics', 'prometheus'],
    target: {share: 1, min: 100, max: 1000},
    alert: {share: 1, max: 5000, ...high, runbook: 'high-latency'},
  },
  {
    id: 'connect-rate',
    ...load,
    sources: ['prometheus'],
    target: {share: 1, min: 1, max: 10},
    alert: {share: 1, max: 50, forMs: minutes(5), ...high, runbook: 'socketio-connection-issues'},
  },
  {
    id: 'disconnect-rate',
    ...load,
    sources: ['prometheus'],
    target: {share: 1, min: 1, max: 10},
    alert: {share: 1, max: 50, forMs: minutes(5), ...high, runbook: 'socketio-connection-issues'},
  },
  {
    id: 'message-rate',
    ...load,
    sources: ['metrics', 'prometheus'],
    target: {share: 1, min: 10, max: 100},
    alert: {share: 1, max: 500, forMs: minutes(5), ...high, runbook: 'rate-limit-abuse'},
  },
  {
    id: 'handshake-failures',
    sources: ['probe', 'drill', 'prometheus'],
    target: {share: 0.99, strict: true},
    alert: {share: 0.9, forMs: minutes(5), ...high, runbook: 'socketio-connection-issues'},
    page: {share: 0.8, severity: 'critical', runbook: 'socketio-connection-issues'},
  },
  {
    id: 'ratelimit-hits',
    sources: ['drill', 'prometheus'],
    target: {share: 0.95, strict: true},
    alert: {share: 0.8, forMs: minutes(10), ...high, runbook: 'rate-limit-abuse'},
  },
  {
    id: 'throttled-ips',
    ...level,
    unit: 'count',
    target: {share: 1, max: 10, strict: true},
    alert: {share: 1, max: 100, ...high, runbook: 'rate-limit-abuse'},
  },
  {
    id: 'upload-rejects',
    sources: ['prometheus'],
    target: {share: 0.98, strict: true},
    alert: {share: 0.9, forMs: minutes(5), ...high},
  },
  {
    id: 'cpu',
    ...level,
    unit: 'percent',
    target: {share: 1, max: 60},
    alert: {share: 1, max: 80, forMs: minutes(5), ...high, runbook: 'high-latency'},
  },
  {
    id: 'memory',
    ...level,
    unit: 'percent',
    target: {share: 1, max: 70},
    alert: {share: 1, max: 85, forMs: minutes(5), ...high, runbook: 'high-latency'},
  },
  {
    id: 'db-connections',
    ...level,
    unit: 'count',
    target: {share: 1, max: 20},
    alert: {share: 1, max: 50, ...high, runbook: 'database-connection-pool-exhausted'},
  },
  {
    id: 'db-query-p95',
    ...ms,
    sources: ['prometheus'],
    target: {share: 0.95, max: 50, strict: true},
    alert: {share: 0.95, max: 500, forMs: minutes(5), ...high, runbook: 'database-connection-pool-exhausted'},
  },
  {
    id: 'delivery-success',
    sources: ['probe', 'drill'],
    target: {share: 0.99, strict: true},
    alert: {share: 0.95, forMs: minutes(5), ...high, runbook: 'socketio-connection-issues'},
  },
  {
    id: 'health',
    sources: ['probe'],
    target: {share: 1, runbook: 'high-error-rate'},
    page: {share: 1, consecutive: 2, severity: 'critical', runbook: 'high-error-rate'},
  },
  {
    id: 'database',
    sources: ['probe'],
    target: {share: 1, runbook: 'database-connection-pool-exhausted'},
    page: {share: 1, consecutive: 1, severity: 'critical', runbook: 'database-connection-pool-exhausted'},
  },
]

test.each(promises)('$id is promised and alerted on as documented', (row) => {
  const {id, sources, kind = 'events', role = 'promise', unit} = row
  expect(objectiveOf(plan, id)).toMatchObject({sources, kind, role, ...(unit && {unit})})
  expect(objectiveOf(plan, id).bounds).toEqual(boundsOf(row))
})

test('no objective is left over, and what a probe is to decide some check delivers', async () => {
  expect(plan.objectives.map(({id}) => id)).toEqual(promises.map(({id}) => id))
  expect(await undelivered(plan)).toEqual([])
})

test('the tiers that no threshold can say are alerts', () => {
  expect(config.alerts['memory-leak']).toMatchObject({severity: 'critical'})
  expect(config.alerts['memory-leak']?.expr).toMatch(/> 90 and max\(deriv\(.*\) > 0$/)
  expect(config.alerts['resource-pressure']).toMatchObject({severity: 'warning', for: minutes(10)})
  expect(config.alerts['resource-pressure']?.expr).toMatch(/> 70 or .* > 75$/)
})

test('what fails a check of health pages by what the probe pushed', () => {
  for (const [name, objective] of [
    ['service-down', 'health'],
    ['database-failure', 'database'],
  ] as const) {
    expect(config.alerts[name]).toMatchObject({severity: 'critical'})
    expect(config.alerts[name]?.expr).toContain(`objective="${objective}",status="fail"`)
  }
})

test('the lower ends of what is no load are told, and judge nobody', () => {
  expect(config.objectives.cpu?.note).toMatch(/20 to 60 %/)
  expect(config.objectives.memory?.note).toMatch(/40 to 70 %/)
  expect(config.objectives['db-connections']?.note).toMatch(/5 to 20/)
})

test('the peak is the top of each normal range, and a drill runs at twice as much', () => {
  const {note, ...peak} = config.peak ?? {}
  expect(peak).toEqual({
    factor: 2,
    requests_per_second: 100,
    connections: 1000,
    connects_per_second: 10,
    messages_per_second: 100,
  })
  expect(note).toMatch(/normal ranges/)
})

/** The document's own answers. */
const pages = {
  '/health': {status: 'OK', timestamp: '2025-10-20T10:30:00Z', uptime: 86_400},
  '/health/database': {status: 'OK', database: 'Connected', timestamp: '2025-10-20T10:30:00Z'},
  '/metrics': {
    requests: {
      total: 15_234,
      byEndpoint: {
        'POST /api/chat/messages': 5432,
        'GET /api/chat/conversations': 3421,
        'POST /api/chat/conversations': 1234,
      },
    },
    errors: {
      total: 142,
      rate: '0.93%',
      byEndpoint: {'POST /api/chat/messages': 89, 'GET /api/chat/conversations': 53},
    },
    latency: {average: 145, p95: 487, unit: 'ms'},
    connections: {active: 342},
    timestamp: '2025-10-20T10:30:00Z',
  },
}

test('every number of its JSON metrics has a place in the contract, with its endpoints as labels', () => {
  const found = Object.values(config.metrics).flatMap(({json}) =>
    json === undefined ? [] : [readJsonPath(pages['/metrics'], parseJsonPath(json) ?? [])],
  )
  const {requests, errors, latency, connections} = pages['/metrics']
  expect(found).toEqual([
    requests.total,
    requests.byEndpoint,
    errors.total,
    errors.rate,
    errors.byEndpoint,
    latency.average,
    latency.p95,
    connections.active,
  ])
  expect(config.metrics.requests_by_endpoint_total?.labels?.endpoint).toEqual(Object.keys(requests.byEndpoint))
  expect(config.metrics.errors_by_endpoint_total?.labels?.endpoint).toEqual(Object.keys(errors.byEndpoint))
  expect(Object.values(config.metrics).filter(({assumed}) => !assumed)).toEqual([])
})

test('runbooks, dashboards and receivers are those of the document', () => {
  expect(Object.values(config.runbooks).map(({title}) => title)).toEqual([
    'High Error Rate',
    'Rate Limit Abuse',
    'High Latency',
    'Socket.IO Connection Issues',
    'Database Connection Pool Exhausted',
  ])
  const dashboards = Object.values(config.dashboards).map(({title, refresh, range, panels}) => {
    return [title, refresh, range, panels.length]
  })
  expect(dashboards).toEqual([
    ['Operations', 30_000, minutes(6 * 60), 6],
    ['Security', minutes(1), minutes(24 * 60), 5],
    ['Business', minutes(5), minutes(7 * 24 * 60), 5],
  ])
  expect(config.routing?.routes.map(({severity, receiver}) => [severity, receiver])).toEqual([
    ['critical', 'oncall'],
    ['high', 'team'],
    ['warning', 'team'],
  ])
})

describe('PromQL', () => {
  test('every query parses', () => {
    const queries = queriesOf(config)
    expect(promtoolOn(queries)).toContain(`SUCCESS: ${queries.length} rules found`)
  })

  test('every metric in a query is in the contract, or another program exports it', () => {
    expect(unpromised(config, /^(container_|process_|prisma_|probe_)/)).toEqual([])
  })
})

describe('on a real system', () => {
  let system: Awaited<ReturnType<typeof chatBackend>>
  beforeAll(async () => {
    system = await chatBackend()
  })
  afterAll(() => system.close())

  test('it is valid, listed and shown', async () => {
    const {code, stdout} = await onProfile(['config', 'validate'], 'chat-backend', {backend: system.url})
    expect(code).toBe(0)
    expect(stdout).toMatch(/^valid: profile chat-backend/)
    expect(await listProfiles()).toContainEqual({
      name: 'chat-backend',
      title: 'Public chat service without accounts (HTTP, Socket.IO, Prisma)',
      document: 'Operational Monitoring Guide',
    })
    expect(await showProfile('chat-backend')).toMatchObject({
      name: 'chat-backend',
      dashboards: expect.anything() as unknown,
    })
  })

  test('a healthy one keeps every promise that a probe can decide', async () => {
    const {report, code} = await runProfile('chat-backend', {backend: system.url, messages: system.url})
    expect(outcomes({...report, verdicts: report.verdicts.filter(({role}) => role === 'promise')})).toEqual([
      'database pass',
      'delivery-success pass',
      'error-rate pass',
      'handshake-failures pass',
      'health pass',
      'latency-p50 pass',
      'latency-p95 pass',
      'latency-p95 pass',
      'latency-p99 pass',
      'messages pass',
      'metrics pass',
    ])
    expect(code).toBe(0)
  })

  test('a proxy that drops the Upgrade headers is told from a service that is down', async () => {
    const proxy = await httpProxy({to: [system.port], upgrades: false})
    try {
      const {report, code} = await runProfile('chat-backend', {backend: proxy.url})
      expect(outcomes(report)).toEqual(expect.arrayContaining(['health pass', 'handshake-failures fail']))
      const handshake = report.verdicts.find(({objective}) => objective === 'handshake-failures')
      expect(handshake).toMatchObject({failure: {phase: 'upgrade'}, runbook: 'socketio-connection-issues'})
      expect(code).toBe(1)
    } finally {
      await proxy.close()
    }
  })

  test('a lost database pages, and names its runbook', async () => {
    const broken = await chatBackend({...pages, '/health/database': {status: 'ERROR', database: 'Disconnected'}})
    try {
      const {report, code} = await runProfile('chat-backend', {backend: broken.url})
      expect(code).toBe(1)
      expect(report.verdicts.find(({objective}) => objective === 'database')).toMatchObject({
        status: 'fail',
        failure: {code: 'http_body', message: 'expected $.status to be "OK", got "ERROR"'},
        runbook: 'database-connection-pool-exhausted',
      })
      expect(outcomes(report)).toContain('health pass')
    } finally {
      await broken.close()
    }
  })
})

/** Numbers that have grown whenever they are read. */
function busy(): object {
  const {requests, errors, ...rest} = pages['/metrics']
  let reads = 0
  return {
    toJSON() {
      const byEndpoint = Object.entries(requests.byEndpoint).map(([name, count]) => [name, count + 10 * reads])
      const total = requests.total + 30 * reads++
      return {requests: {total, byEndpoint: Object.fromEntries(byEndpoint) as object}, errors, ...rest}
    },
  }
}

/** A small chat service on the real Socket.IO that acknowledges messages. */
async function chatBackend(known: Pages = pages): Promise<{url: string; port: number; close(): Promise<void>}> {
  const {address, port, server} = await servePages({...known, '/metrics': busy()})
  const io = new Server(server, {serveClient: false})
  io.on('connection', (socket) => {
    socket.on('message', (_message: unknown, acknowledge: (answer: object) => void) => acknowledge({ok: true}))
  })
  return {
    url: address,
    port,
    async close() {
      server.closeAllConnections()
      await io.close()
    },
  }
}
