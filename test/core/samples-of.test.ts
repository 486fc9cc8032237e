import {describe, expect, test} from 'vitest'
import {metrics} from '../../src/core/metrics.ts'
import type {Report} from '../../src/core/report.ts'
import type {Facts, Phase} from '../../src/core/result.ts'
import type {Sample} from '../../src/core/sample.ts'
import {samplesOf} from '../../src/core/samples-of.ts'
import {
  attempt,
  check,
  HOSTILE,
  hostileReport,
  objective,
  refused,
  reportOf,
  reports,
  roundTrips,
} from '../fixtures/reports.ts'

/** The series of a report as Prometheus would show them, without the labels that stand for the check. */
function series(report: Report, ...names: string[]): Record<string, number> {
  const shown = samplesOf(report).filter(({name}) => names.some((one) => name === one || name.startsWith(`${one}_`)))
  return Object.fromEntries(
    shown.map(({name, labels, value}) => {
      const rest = Object.entries(labels).filter(([label]) => !['check', 'probe', 'target'].includes(label))
      const text = rest.map(([label, of]) => `${label}=${of}`)
      return [text.length > 0 ? `${name}{${text.join(',')}}` : name, value]
    }),
  )
}

interface Ended {
  readonly probe: string
  readonly phases?: readonly Phase[]
  readonly facts?: Facts
  readonly failed?: boolean
}
const one = ({failed = false, ...input}: Ended) =>
  reportOf({checks: [check([attempt({check: 'c', target: 't', ...input, ...(failed && {failure: refused})})])]})

test('an HTTP check has the series of blackbox_exporter', () => {
  const [health] = reports.pass.checks
  if (!health) throw new Error('expected a check')
  expect(series({...reports.pass, checks: [health], verdicts: []}, ...Object.keys(metrics).slice(0, 9))).toEqual({
    probe_success: 1,
    probe_duration_seconds: expect.closeTo(0.0049) as number,
    probe_dns_lookup_time_seconds: expect.closeTo(0.0003) as number,
    probe_ip_protocol: 4,
    probe_ssl_earliest_cert_expiry: 1_800_000_000,
    'probe_tls_version_info{version=TLS 1.3}': 1,
    'probe_http_duration_seconds{phase=resolve}': expect.closeTo(0.0003) as number,
    'probe_http_duration_seconds{phase=connect}': expect.closeTo(0.0002) as number,
    'probe_http_duration_seconds{phase=tls}': expect.closeTo(0.0031) as number,
    'probe_http_duration_seconds{phase=processing}': expect.closeTo(0.0012) as number,
    'probe_http_duration_seconds{phase=transfer}': expect.closeTo(0.0001) as number,
    probe_http_status_code: 200,
  })
})

test('phases that were not reached are there, with 0', () => {
  const phases: Phase[] = [
    {name: 'connect', ms: 2, state: 'failed'},
    {name: 'tls', ms: 0, state: 'skipped'},
    {name: 'upgrade', ms: 0, state: 'skipped'},
  ]
  expect(
    series(one({probe: 'websocket', phases, failed: true}), 'probe_websocket', 'probe_success', 'probe_failure'),
  ).toEqual({
    probe_success: 0,
    'probe_failure_info{code=refused,phase=connect}': 1,
    'probe_websocket_duration_seconds{phase=connect}': 0.002,
    'probe_websocket_duration_seconds{phase=tls}': 0,
    'probe_websocket_duration_seconds{phase=upgrade}': 0,
    probe_websocket_connection_upgraded: 0,
  })
})

test.each(['socketio', 'signaling', 'stun', 'turn', 'ice'])('the phases of %s have a family of their own', (probe) => {
  expect(series(one({probe}), `probe_${probe}_duration_seconds`)).toEqual({
    [`probe_${probe}_duration_seconds{phase=connect}`]: 0.002,
  })
})

describe('a TURN check', () => {
  test('has the ERROR-CODE of its refusal', () => {
    expect(series(one({probe: 'turn', facts: {error_code: 486}, failed: true}), 'probe_turn_error_code')).toEqual({
      probe_turn_error_code: 486,
    })
  })
  test('that succeeded has none, for the challenge is no error', () => {
    expect(series(one({probe: 'turn', facts: {error_code: 401}}), 'probe_turn_error_code')).toEqual({
      probe_turn_error_code: 0,
    })
  })
  test('has loss and jitter of its echo', () => {
    expect(series(one({probe: 'turn', facts: {loss: 0.05, jitter_ms: 1.5}}), 'probe_turn_echo')).toEqual({
      probe_turn_echo_loss_ratio: 0.05,
      probe_turn_echo_jitter_seconds: 0.0015,
    })
  })
})

describe('of several attempts', () => {
  const timed = (ms: number, failed = false) =>
    attempt({phases: [{name: 'connect', ms, state: 'done'}], ...(failed && {failure: refused})})
  const of = (...attempts: ReturnType<typeof timed>[]) =>
    series(reportOf({checks: [check(attempts)]}), 'probe_success', 'probe_duration_seconds')
  test('the failed one speaks for the check', () => {
    expect(of(timed(1), timed(2, true), timed(3))).toEqual({probe_success: 0, probe_duration_seconds: 0.002})
  })
  test('the last one speaks when all is well', () => {
    expect(of(timed(1), timed(3))).toEqual({probe_success: 1, probe_duration_seconds: 0.003})
  })
  test('the round trips are taken together, lost ones left out', () => {
    const session = (values: number[], lost: number) => attempt({probe: 'signaling', events: roundTrips(values, lost)})
    expect(
      series(reportOf({checks: [check([session([10, 20], 1), session([30], 0)])]}), 'probe_signaling_rtt_seconds'),
    ).toEqual({
      'probe_signaling_rtt_seconds{quantile=0.5}': 0.02,
      'probe_signaling_rtt_seconds{quantile=0.95}': 0.03,
      'probe_signaling_rtt_seconds{quantile=0.99}': 0.03,
      probe_signaling_rtt_seconds_sum: expect.closeTo(0.06) as number,
      probe_signaling_rtt_seconds_count: 3,
    })
  })
})

describe('a page of JSON', () => {
  const details = {
    mapped: {requests_total: {type: 'counter', help: 'requests'}, active: {type: 'gauge', help: 'sockets'}},
    samples: [
      {name: 'requests_total', labels: {endpoint: 'GET /'}, value: '12'},
      {name: 'active', labels: {}, value: '3'},
      {name: 'unmapped', labels: {}, value: '1'},
    ],
  }
  const report = reportOf({checks: [check([attempt({details}), attempt({failure: refused})])]})
  const shown = ({name}: Sample) => ['requests_total', 'active', 'unmapped'].includes(name)

  test('is passed on as it was read last, under its mapped names and with their types', () => {
    const labels = {check: 'health', target: 'https://chat.example/health'}
    expect(samplesOf(report).filter(shown)).toEqual([
      {name: 'requests_total', type: 'counter', help: 'requests', labels: {endpoint: 'GET /', ...labels}, value: 12},
      {name: 'active', type: 'gauge', help: 'sockets', labels, value: 3},
    ])
  })
  test('is left to whole runs: a narrowed one would count it twice', () => {
    expect(samplesOf({...report, run: {...report.run, selection: 'narrowed'}}).filter(shown)).toEqual([])
  })
})

describe('a check that was not measured has no series', () => {
  test('because it was skipped', () => expect(series(reports.skipped, 'probe_success')).toEqual({}))
  test('because the prober could not', () => {
    const failure = {...refused, code: 'offline'} as const
    expect(series(reportOf({checks: [check([attempt({failure})])]}), 'probe_success')).toEqual({})
  })
})

test('every bound of every objective has its events, good and all', () => {
  const shown = samplesOf(reports.fail).filter(
    ({name, labels}) => name.startsWith('probe_slo_') && name.endsWith('events') && labels.objective === 'rtt',
  )
  expect(shown.map(({name, labels, value}) => [name, labels.level, value])).toEqual([
    ['probe_slo_events', 'target', 20],
    ['probe_slo_good_events', 'target', 0],
    ['probe_slo_events', 'alert', 20],
    ['probe_slo_good_events', 'alert', 20],
  ])
})

test('of the states of a verdict exactly one holds', () => {
  for (const report of Object.values(reports)) {
    const states = samplesOf(report).filter(({name}) => name === 'probe_run_status')
    expect(states.filter(({value}) => value === 1).map(({labels}) => labels.status)).toEqual([report.status])
    expect(states).toHaveLength(5)
  }
})

test('the last success is told by a run that passed, and by no other', () => {
  for (const report of Object.values(reports)) {
    const told = series(report, 'probe_last_run_timestamp_seconds', 'probe_last_success_timestamp_seconds')
    const at = (report.run.startedAt + report.run.durationMs) / 1000
    expect(told).toEqual({
      probe_last_run_timestamp_seconds: at,
      ...(report.status === 'pass' && {probe_last_success_timestamp_seconds: at}),
    })
  }
})

test('no series is there twice', () => {
  const health = check([attempt({events: [{indicator: 'health', ok: true}]})], {indicators: ['health', 'other']})
  const namesake = reportOf({checks: [health], objectives: [objective([{}], {id: 'health', indicator: 'health'})]})
  for (const report of [...Object.values(reports), namesake]) {
    const ids = samplesOf(report).map(({name, labels}) => JSON.stringify([name, Object.entries(labels).toSorted()]))
    expect(new Set(ids).size).toBe(ids.length)
  }
})

test('nothing that a target says becomes a label, but for the names of the config', () => {
  for (const {labels} of samplesOf(hostileReport)) {
    const rest = Object.entries(labels).filter(([label]) => !['check', 'target', 'objective'].includes(label))
    expect(rest.map(([, value]) => value)).not.toContain(HOSTILE)
  }
})

test('a family keeps its labels from sample to sample, and its names and types are frozen', () => {
  const families = new Map<string, string>()
  for (const report of Object.values(reports)) {
    for (const {name, type, labels} of samplesOf(report)) {
      const shape = `${type} {${Object.keys(labels).toSorted().join(', ')}}`
      expect(families.get(name) ?? shape).toBe(shape)
      families.set(name, shape)
    }
  }
  expect(Object.fromEntries([...families].toSorted())).toMatchSnapshot()
  expect(Object.keys(metrics)).toMatchSnapshot()
})
