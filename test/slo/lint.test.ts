import {describe, expect, test} from 'vitest'
import type {Contract} from '../../src/core/contract.ts'
import type {Objective} from '../../src/core/objective.ts'
import {lint} from '../../src/slo/lint/lint.ts'
import {promqlMistake, selectedIn} from '../../src/slo/lint/parse-promql.ts'
import {runCli} from '../fixtures/cli.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {promtoolOn} from '../fixtures/documented.ts'

describe('a query that cannot be read is told with the place', () => {
  test.each([
    ['sum(rate(a[5m])', 'expected PromQL, got its end at character 16'],
    ['sum(rate(a[5m]))) by (x)', 'expected PromQL, got ") by (x)" at character 17'],
    ['rate(x[5m]) by (type)', 'expected PromQL, got "by (type)" at character 13'],
    ['a{b=c}', 'expected PromQL, got "c}" at character 5'],
    ['rate(x)', 'expected a range such as [5m] inside rate(), got none at character 1'],
    ['sum(max_over_time(x))', 'expected a range such as [5m] inside max_over_time(), got none at character 5'],
  ])('%s', (query, message) => {
    expect(promqlMistake(query)).toBe(message)
    expect(() => promtoolOn([query])).toThrow()
  })

  test.each([
    'sum by (le) (rate(a_bucket{x="[",y=~"5.."}[5m])) / on (x) group_left () b > bool 0.5',
    'avg_over_time((a <= bool 1)[5m:15s] offset 1d)',
    '{__name__=~"a|b"}',
    'max_over_time(sum(ws_active_connections)[7d:5m])',
  ])('and what Prometheus reads, we read: %s', (query) => {
    expect(promqlMistake(query)).toBeNull()
    expect(promtoolOn([query])).toContain('SUCCESS')
  })
})

describe('config validate reads the queries that somebody wrote', () => {
  const targets = 'targets: {backend: "http://127.0.0.1:1"}\n'
  const validate = (config: string) =>
    runCli(['config', 'validate'], {cwd: configFolder({'probe.yaml': targets + config})})

  test('and tells every one that cannot be read, or that contradicts itself, with its place', async () => {
    const {code, stderr} = await validate(
      'objectives:\n  ice-success: {prometheus: {good: "sum(rate(", total: a}}\nalerts:\n  disk-space: {expr: "up =="}\nmetrics:\n  ice_attempted_total: {type: gauge}\n',
    )
    expect(code).toBe(2)
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(
        /video-chat\.yaml:\d+:5 objectives\.error-rate\.prometheus: expected a counter, got ice_attempted_total, a gauge/,
      ),
      'probe.yaml:3:36 objectives.ice-success.prometheus.good: expected PromQL, got its end at character 10',
      'probe.yaml:5:22 alerts.disk-space.expr: expected PromQL, got its end at character 6',
      '  3 mistakes',
      '',
    ])
  })

  test('and finds nothing wrong with good ones', async () => {
    const {code, stdout} = await validate('alerts:\n  disk-space: {expr: "up == 0"}\n')
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^valid: profile video-chat/)])
  })
})

test('the metrics and labels of a query are found', () => {
  expect(selectedIn('sum(rate(a{x="1",y=~"b{c}"}[5m])) / ignoring(z) d')).toEqual([
    {name: 'a', labels: ['x', 'y']},
    {name: 'd', labels: []},
  ])
})

const contract: Contract = {
  requests_total: {type: 'counter', help: 'requests', labels: {status: []}},
  open: {type: 'gauge', help: 'open'},
  latency_ms: {type: 'histogram', help: 'latency', unit: 'ms', buckets: [50, 100, 200]},
}

const sound: Objective = {
  id: 'test',
  indicator: 'test',
  sources: ['prometheus'],
  kind: 'events',
  role: 'promise',
  minEvents: 1,
  unit: 'ms',
  bounds: [{level: 'target', share: 0.95, max: 200, severity: 'warning'}],
  prometheus: {histogram: 'latency_ms', unit: 'ms'},
}

function found(change: Partial<Objective>): string[] {
  const findings = lint({objectives: [{...sound, ...change}], contract, expressions: []})
  return findings.map(({gravity, path, message}) => `${gravity} ${path.slice(2).join('.')}: ${message}`)
}

describe('an objective is held against what the system promises to export', () => {
  test('a sound one has nothing odd', () => {
    expect(found({})).toEqual([])
    expect(found({prometheus: {bad: ['requests_total{status="500",job="x"}'], total: ['requests_total']}})).toEqual([])
  })

  const bounds = (max: number) => [{level: 'target', share: 0.95, max, severity: 'warning'}] as const
  test.each<[Partial<Objective>, string]>([
    [{unit: 'bytes'}, 'mistake prometheus.unit: expected a unit that bytes can be converted to, got ms'],
    [
      {prometheus: {histogram: 'latency_ms', unit: 's'}, bounds: bounds(50_000)},
      'mistake prometheus.unit: expected ms, as `metrics` says of latency_ms, got s',
    ],
    [
      {prometheus: {histogram: 'open', unit: 'ms'}},
      'mistake prometheus: expected a histogram, got open, a gauge by `metrics`',
    ],
    [
      {prometheus: {bad: ['open'], total: ['requests_total']}},
      'mistake prometheus: expected a counter, got open, a gauge by `metrics`',
    ],
    [
      {bounds: [{level: 'alert', share: 0.9, severity: 'x'}]},
      'mistake alert: expected `max` or `min` on what is measured as a histogram, got neither',
    ],
    [
      {bounds: bounds(500)},
      'doubt prometheus: latency_ms is promised with the buckets 50, 100, 200; 500 is none of them',
    ],
    [{prometheus: {level: 'max(other)', unit: 'ms'}}, 'doubt prometheus: other is not in `metrics`'],
    [
      {prometheus: {bad: ['requests_total{code="500"}'], total: ['requests_total']}},
      'doubt prometheus: requests_total is not promised to have the label code',
    ],
  ])('%j', (change, message) => {
    expect(found(change)).toEqual([message])
  })

  test('one that Prometheus is to decide says how', () => {
    const bare = Object.fromEntries(Object.entries(sound).filter(([name]) => name !== 'prometheus')) as typeof sound
    const [finding] = lint({objectives: [bare], contract, expressions: []})
    expect(finding).toMatchObject({
      gravity: 'mistake',
      message: expect.stringMatching(/^expected `prometheus`/) as unknown,
    })
  })
})
