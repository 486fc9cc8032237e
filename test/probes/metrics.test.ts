import {gzipSync} from 'node:zlib'
import {describe, expect, test} from 'vitest'
import type {Contract} from '../../src/core/contract.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {probes} from '../../src/probes/index.ts'
import {parseText} from '../../src/probes/metrics/parse-text.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startAlertmanager, startNodeExporter, startRedisExporter} from '../fixtures/exporters.ts'
import {startPrometheusWith} from '../fixtures/prometheus-past.ts'
import {startPushgateway} from '../fixtures/pushgateway.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {servePages} from '../fixtures/serve-pages.ts'
import type {Service} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'
import {describeProbeConformance, SLOW_MS} from './conformance.ts'

const {metrics} = probes
const PAGE = '# TYPE requests_total counter\nrequests_total 12\n'

describeProbeConformance({
  probe: metrics,
  options: {contract: {requests_total: {type: 'counter', help: 'requests'}}},
  address: (port) => `http://127.0.0.1:${port}/metrics`,
  good: () => serveHttp((_request, response) => response.end(PAGE)),
  slow: () =>
    serveHttp((_request, response) => {
      setTimeout(() => response.end(PAGE), SLOW_MS)
    }),
})

function messageOf(result: AttemptResult): string | undefined {
  return result.ok ? undefined : `${result.failure.code}: ${result.failure.message}`
}

describe('the pages of real exporters are read, in both formats', () => {
  const exporters: readonly (readonly [
    program: string,
    start: () => Promise<Service>,
    family: string,
    type: string,
  ])[] = [
    [
      'prometheus',
      () => startPrometheusWith({lengthMs: 60_000, stepMs: 30_000, series: [{name: 'a', at: () => 1}]}),
      'prometheus_tsdb_compaction_duration_seconds',
      'histogram',
    ],
    ['prometheus-alertmanager', () => startAlertmanager(['team']), 'alertmanager_alerts_received_total', 'counter'],
    ['prometheus-pushgateway', () => startPushgateway(), 'process_cpu_seconds_total', 'counter'],
    ['prometheus-node-exporter', startNodeExporter, 'node_cpu_seconds_total', 'counter'],
    ['prometheus-redis-exporter', startRedisExporter, 'redis_connected_clients', 'gauge'],
  ]

  test.each(exporters)('%s', async (...[program, start, family, type]) => {
    need(program)
    if (program === 'prometheus-redis-exporter') need('redis-server')
    const {url} = closing(await start())
    for (const format of ['prometheus', 'openmetrics'] as const) {
      const contract = {[family]: {type, help: 'promised'}, go_goroutines: {type: 'gauge', help: 'promised'}}
      const result = await attemptOn(metrics, {address: `${url}/metrics`, options: {format, contract}})
      expect(messageOf(result)).toBeUndefined()
      expect(result.events).toContainEqual({indicator: 'metric_family', ok: true})
      expect(Number(result.facts.families)).toBeGreaterThan(20)
      const wrong = {[family]: {type: 'summary', help: 'not so'}}
      const refused = await attemptOn(metrics, {address: `${url}/metrics`, options: {format, contract: wrong}})
      expect(messageOf(refused)).toBe(`metrics_contract: expected ${family} to be a summary, got a ${type}`)
    }
  })
})

describe('a contract', () => {
  const promised: Contract = {
    requests_total: {type: 'counter', help: 'requests', labels: {status: ['ok', 'failed']}},
    latency_ms: {type: 'histogram', help: 'latency', buckets: [50, 100], limits: [200, 300]},
    wanted_total: {type: 'counter', help: 'wanted', assumed: 'used by a query'},
  }
  const histogram = (...bounds: string[]) =>
    `# TYPE latency_ms histogram\n${bounds.map((le) => `latency_ms_bucket{le="${le}"} 3`).join('\n')}\nlatency_ms_sum 9\nlatency_ms_count 3\n`
  const requests = '# TYPE requests_total counter\nrequests_total{status="ok"} 1\n'

  async function read(page: string | object, contract: Contract = promised): Promise<AttemptResult> {
    const {address} = closing(await servePages({'/metrics': page}))
    return attemptOn(metrics, {address, options: {path: '/metrics', contract, maxSeries: 3}})
  }

  test('that is kept has one good event a family; what is assumed is not owed, and said', async () => {
    const result = await read(requests + histogram('50', '100', '200', '300', '+Inf'))
    expect(messageOf(result)).toBeUndefined()
    expect(result.events.filter(({indicator}) => indicator === 'metric_family')).toHaveLength(2)
    expect(result.details?.doubts).toEqual(['wanted_total is not there; that it should be is assumed'])
  })

  test.each([
    [histogram('50', '100', '+Inf'), 'expected requests_total, got no such family'],
    [`${requests}${histogram('50', '+Inf')}`, 'expected a bucket of latency_ms at 100, got 50, Infinity'],
    [
      `requests_total 1\n${histogram('50', '100', '+Inf')}`,
      'expected requests_total with the label status, got a series without',
    ],
    [
      `# TYPE requests_total gauge\n${histogram('50', '100', '+Inf')}`,
      'expected requests_total to be a counter, got a gauge',
    ],
  ])('that is broken says how: %j', async (page, message) => {
    const result = await read(page)
    expect(messageOf(result)).toBe(`metrics_contract: ${message}`)
    expect(result.events.filter(({indicator, ok}) => indicator === 'metric_family' && !ok)).toHaveLength(1)
  })

  test('tells a limit between two buckets, too many series, ids among the labels, and what nobody promised', async () => {
    const crowd = ['a', 'b', 'c', 'd'].map((id) => `requests_total{status="ok",user_id="${id}"} 1\n`).join('')
    const result = await read(
      `# TYPE requests_total counter\n${crowd}${histogram('50', '100', '200.0', '500', '+Inf')}`,
    )
    expect(messageOf(result)).toBeUndefined()
    expect(result.details?.doubts).toEqual([
      'requests_total has the label user_id, which nobody promised',
      'requests_total has 4 series, more than 3',
      'requests_total has a series for each user_id: ids belong into logs',
      "latency_ms cannot tell an objective's limit: no bucket ends at 300: it lies between 200 and 500",
      'wanted_total is not there; that it should be is assumed',
    ])
  })

  test('of a system that exports JSON is read by its paths: numbers, per cent, and objects of numbers', async () => {
    const contract: Contract = {
      requests_total: {type: 'counter', help: 'requests', json: '$.requests.total', assumed: 'a name'},
      error_rate_percent: {type: 'gauge', help: 'errors', json: '$.errors.rate', assumed: 'a name'},
      by_endpoint_total: {
        type: 'counter',
        help: 'by endpoint',
        labels: {endpoint: []},
        json: '$.requests.by',
        assumed: 'a name',
      },
    }
    const page = {requests: {total: 120, by: {'POST /a': 100, 'GET /b': 20}}, errors: {rate: '0.93%'}}
    const result = await read(page, contract)
    expect(result.facts.metrics_format).toBe('json')
    expect(result.details?.samples).toEqual([
      {name: 'requests_total', labels: {}, value: '120'},
      {name: 'error_rate_percent', labels: {}, value: '0.93'},
      {name: 'by_endpoint_total', labels: {endpoint: 'POST /a'}, value: '100'},
      {name: 'by_endpoint_total', labels: {endpoint: 'GET /b'}, value: '20'},
    ])
    expect(result.details?.mapped).toEqual({
      requests_total: {type: 'counter', help: 'requests'},
      error_rate_percent: {type: 'gauge', help: 'errors'},
      by_endpoint_total: {type: 'counter', help: 'by endpoint'},
    })
    expect(messageOf(await read({requests: {total: 'many', by: {}}, errors: {}}, contract))).toMatch(
      /^metrics_contract: expected a number of requests_total at \$\.requests\.total, got something else$/,
    )
  })
})

describe('a page of JSON is exported', () => {
  const family = {type: 'counter', help: 'by endpoint', json: '$.by', assumed: 'a name'} as const
  const contract: Contract = {by_endpoint_total: {...family, labels: {endpoint: []}}}
  const attemptAt = async (page: object, maxSeries: number) => {
    const {address} = closing(await servePages({'/': page}))
    return attemptOn(metrics, {address, options: {contract, maxSeries}})
  }

  test('with labels that Prometheus takes, each series once', async () => {
    const {details} = await attemptAt({by: {'a\ud800': 1, 'a\ud801': 2, ['x'.repeat(300)]: 3}}, 3)
    expect(details?.samples).toEqual([
      {name: 'by_endpoint_total', labels: {endpoint: 'a\ufffd'}, value: '2'},
      {name: 'by_endpoint_total', labels: {endpoint: 'x'.repeat(200)}, value: '3'},
    ])
    expect(Object.keys(details?.mapped ?? {})).toEqual(['by_endpoint_total'])
  })

  test('and a system that has counted nothing yet keeps its promise; one that tells no number does not', async () => {
    const empty = await attemptAt({by: {}}, 3)
    expect(messageOf(empty)).toBeUndefined()
    expect(Object.keys(empty.details?.mapped ?? {})).toEqual(['by_endpoint_total'])
    for (const by of [{a: 'many'}, [], 'many', true]) {
      expect(messageOf(await attemptAt({by}, 3))).toContain('expected a number of by_endpoint_total at $.by')
    }
  })

  test('but for a family of more series than Prometheus is to bear, and that is told', async () => {
    const {details} = await attemptAt({by: {a: 1, b: 2, c: 3}}, 2)
    expect(details?.mapped).toEqual({})
    expect(details?.doubts).toEqual(['by_endpoint_total has 3 series, more than 2'])
  })

  test.each([
    [{probe_success: {...family}}, 'expected names that do not begin with probe_ of what stands in JSON'],
    [{a_total: {...family, labels: {target: []}}}, 'expected other labels than those of a run of probes'],
    [{a: {...family, type: 'histogram'}}, 'expected a counter or a gauge of what stands in JSON'],
  ])('never under a name, a label or a type that is not its own: %j', (wrong, message) => {
    expect(() => metrics.options.parse({contract: wrong})).toThrow(message)
  })
})

describe('a part of a contract', () => {
  const contract: Contract = {a_total: {type: 'counter', help: 'a'}, b: {type: 'gauge', help: 'b'}}

  test('is all that a page owes where its families are named', async () => {
    const {address} = closing(await servePages({'/': '# TYPE b gauge\nb 1\n'}))
    expect(messageOf(await attemptOn(metrics, {address, options: {contract, families: ['b']}}))).toBeUndefined()
    expect(metrics.owes({contract, families: ['b']})).toEqual({metric_family: 1})
    expect(() => metrics.options.parse({contract, families: ['c']})).toThrow('expected families of the contract')
  })

  test('may be a label that only a query asks for: its lack is told, and breaks nothing', async () => {
    const {address} = closing(await servePages({'/': 'a_total{x="1"} 1\n'}))
    const asked: Contract = {a_total: {type: 'counter', help: 'a', labels: {x: []}, assumed_labels: {ok: []}}}
    const result = await attemptOn(metrics, {address, options: {contract: asked}})
    expect(messageOf(result)).toBeUndefined()
    expect(result.details?.doubts).toEqual(['a_total lacks the label ok, which a query asks for'])
  })
})

describe('what is no page of metrics is told with the line', () => {
  const text =
    (page: string, openMetrics = false) =>
    () =>
      parseText(page, {openMetrics})

  test.each([
    ['<html>', 'line 1: expected the name of a metric at character 1, got "<html>"'],
    ['a 1\na{b=c} 1', 'line 2: expected label="value" at character 3, got "b=c} 1"'],
    ['a{b="c",b="d"} 1', 'line 1: expected each label once, got b twice'],
    ['a', 'line 1: expected a value at character 2, got "the end of the line"'],
    ['a one', 'line 1: expected a value at character 2, got " one"'],
    ['# TYPE a speed', 'line 1: expected a type such as counter, got "speed"'],
    ['# TYPE a gauge\n# TYPE a counter', 'line 2: expected one type of a, got another'],
  ])('%j', (page, message) => {
    expect(text(page)).toThrow(message)
  })

  test.each<[what: string, answer: {headers?: Record<string, string>; body: Buffer}, message: string]>([
    [
      'compressed unasked',
      {headers: {'content-encoding': 'gzip'}, body: gzipSync('a 1\n')},
      'expected the page as it is, got it in gzip',
    ],
    [
      'in other bytes than UTF-8',
      {body: Buffer.from('a{x="y"} 1\na{x="\xe4"} 1\n', 'latin1')},
      'line 2: expected UTF-8, got other bytes',
    ],
    ['longer than it may be', {body: Buffer.alloc(5000, 'a 1\n')}, 'expected a body of at most 4096 bytes, got more'],
  ])('a page that is %s', async (_what, {headers, body}, message) => {
    const {address} = closing(await serveHttp((_request, response) => response.writeHead(200, headers).end(body)))
    const result = await attemptOn(metrics, {address, options: {maxBodyBytes: 4096}})
    expect(result.ok || result.failure.message).toBe(message)
  })

  test('a page without an end of line is whole, and a series that stands twice is told', async () => {
    const contract: Contract = {a: {type: 'gauge', help: 'a', labels: {x: [], y: []}}}
    const page = '# TYPE a gauge\na{x="1",y="2"} 1\na{y="2",x="1"} 2\na{x="2",y="2"} 3'
    const {address} = closing(await servePages({'/': page}))
    const result = await attemptOn(metrics, {address, options: {contract}})
    expect(messageOf(result)).toBeUndefined()
    expect(result.details?.doubts).toEqual(['a has a series twice; Prometheus takes the first'])
  })

  test('OpenMetrics ends where it says so', () => {
    expect(text('a 1', true)).toThrow('expected # EOF as the last line, got none: the answer was cut')
    expect(text('a 1\n# EOF\nb 1', true)).toThrow('line 3: expected nothing behind # EOF')
  })

  test('what both formats allow is read: escapes, infinities, times, exemplars, names of counters', () => {
    const families = parseText(
      '# HELP a says "this"\n# TYPE a counter\na_total{x="q\\"\\\\n\\n",y=""} 1 1700000000.5 # {trace="1"} 0.5\na_created 1\n# UNIT b seconds\n# TYPE b histogram\nb_bucket{le="+Inf"} +Inf\nb_sum -Inf\nb_count NaN\n# EOF\n',
      {openMetrics: true},
    )
    expect([...families.values()]).toEqual([
      {name: 'a_total', type: 'counter', samples: [{name: 'a_total', labels: {x: 'q"\\n\n', y: ''}, value: 1}]},
      {
        name: 'b',
        type: 'histogram',
        samples: [
          {name: 'b_bucket', labels: {le: '+Inf'}, value: Infinity},
          {name: 'b_sum', labels: {}, value: -Infinity},
          {name: 'b_count', labels: {}, value: NaN},
        ],
      },
    ])
  })
})
