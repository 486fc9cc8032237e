import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import type {Bound, Objective} from '../../src/core/objective.ts'
import type {CheckedVerdict} from '../../src/core/verdict.ts'
import {judgeObjectives, type SloAnswer} from '../../src/slo/judge-objectives.ts'
import {prometheusAt} from '../../src/slo/prometheus/prometheus.ts'
import {END, growing, startPrometheusWith, steady, type PastSeries} from '../fixtures/prometheus-past.ts'
import type {Service} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'

need('prometheus')

const HOUR = 3_600_000
const length = 2 * HOUR
const grows = (perHour: number) => growing(perHour, length)

const buckets = (
  name: string,
  labels: Record<string, string>,
  counts: Readonly<Record<string, number>>,
): PastSeries[] => [
  ...Object.entries(counts).map(([le, perHour]) => ({
    name: `${name}_bucket`,
    labels: {...labels, le},
    at: grows(perHour),
  })),
  {name: `${name}_count`, labels, at: grows(counts['+Inf'] ?? 0)},
]

const series: readonly PastSeries[] = [
  {name: 'requests_total', labels: {instance: 'a'}, at: grows(600)},
  {name: 'requests_total', labels: {instance: 'b'}, at: (before) => (grows(400)(before) ?? 0) % 300}, // restarts
  {name: 'errors_total', labels: {instance: 'a', type: 'ice_failed'}, at: grows(40)},
  {name: 'errors_total', labels: {instance: 'a', type: 'auth_failed'}, at: grows(11)},
  {name: 'idle_total', at: steady(7)},
  {name: 'young_total', at: (before) => (before <= HOUR / 2 ? grows(600)(before) : undefined)},
  {name: 'holey_total', at: (before) => (before % (HOUR / 2) < HOUR / 4 ? grows(600)(before) : undefined)},
  ...buckets('latency_ms', {instance: 'go'}, {50: 100, 200: 480, 500: 490, '+Inf': 500}),
  ...buckets('latency_ms', {instance: 'python'}, {'50.0': 100, '200.0': 480, '500.0': 490, '+Inf': 500}),
  ...buckets('seconds', {}, {0.1: 100, 0.2: 990, '+Inf': 1000}),
  ...buckets('uneven_ms', {instance: 'a'}, {200: 480, '+Inf': 500}),
  ...buckets('uneven_ms', {instance: 'b'}, {100: 480, '+Inf': 500}),
  {name: 'up', labels: {job: 'backend', instance: 'a:1'}, at: steady(1)},
  {
    name: 'up',
    labels: {job: 'backend', instance: 'b:1'},
    at: (before) => (before === HOUR / 2 || before === HOUR / 2 + 60_000 ? 0 : 1),
  },
  {name: 'up', labels: {job: 'coturn', instance: 'c:1'}, at: steady(0)},
  {name: 'queue', at: (before) => (before < 6 * 60_000 ? 1200 : 800)},
  {name: 'usage', at: steady(0.8)},
  {name: 'native_seconds', at: grows(10)}, // what a native histogram looks like from afar
]

let service: Service
beforeAll(async () => {
  service = await startPrometheusWith({lengthMs: length, stepMs: 60_000, series})
})
afterAll(() => service.close())

type Part = Partial<Omit<Objective, 'bounds'>> & {bounds: readonly Partial<Bound>[]}

function objective({bounds, ...rest}: Part): Objective {
  return {
    id: 'test',
    indicator: 'test',
    sources: ['prometheus'],
    kind: 'events',
    role: 'promise',
    minEvents: 1,
    bounds: bounds.map((bound) => ({level: 'target', share: 0.95, severity: 'warning', ...bound})),
    ...rest,
  }
}

function judged(part: Part, windowMs = HOUR, promised: readonly string[] = []): Promise<SloAnswer> {
  const access = {address: service.url, headers: {}, timeoutMs: 10_000}
  return judgeObjectives(prometheusAt(access, new AbortController().signal), {
    objectives: [objective(part)],
    promised: new Set(promised),
    at: END,
    windowMs,
    stepMs: 60_000,
    strict: false,
  })
}

async function verdict(...of: Parameters<typeof judged>): Promise<CheckedVerdict> {
  const {verdicts, unreachable} = await judged(...of)
  expect(unreachable).toBeUndefined()
  const [only] = verdicts
  if (!only || verdicts.length > 1) throw new Error(`expected one verdict, got ${JSON.stringify(verdicts)}`)
  return only
}

describe('counters', () => {
  const source = {bad: ['errors_total'], total: ['requests_total']}

  test('are summed over instances and restarts, and every bound is judged', async () => {
    const found = await verdict({prometheus: source, bounds: [{share: 0.95}, {level: 'alert', share: 0.9}]})
    expect(found).toMatchObject({status: 'degraded', source: 'prometheus', window: {from: END - HOUR, to: END}})
    expect(found.bounds.map(({met}) => met)).toEqual([false, true])
    const {good, total, estimated} = found.bounds[0]?.tally ?? {good: 0, total: 1}
    expect(estimated).toBe(true)
    expect(good / total).toBeCloseTo(0.949, 2)
    expect(total).toBeCloseTo(1000, -2)
  })

  test('select by labels', async () => {
    const bad = ['errors_total{type="ice_failed"}']
    expect(await verdict({prometheus: {...source, bad}, bounds: [{share: 0.95}]})).toMatchObject({status: 'pass'})
    const good = {good: ['errors_total{type="ice_failed"}'], total: ['errors_total']}
    expect(await verdict({prometheus: good, bounds: [{share: 0.95}, {level: 'alert', share: 0.9}]})).toMatchObject({
      status: 'fail',
    })
  })

  test('without a series are 0 bad where the profile promises the family', async () => {
    const prometheus = {bad: ['errors_total{type="offer_expired"}'], total: ['requests_total']}
    expect(await verdict({prometheus, bounds: [{share: 0.999}]}, HOUR, ['errors_total'])).toMatchObject({
      status: 'pass',
      notes: ['no series: errors_total{type="offer_expired"} counts as 0'],
    })
  })

  test('without a series are unknown where nobody knows the name, or where the good ones are missing', async () => {
    const misspelt = {bad: ['erorrs_total'], total: ['requests_total']}
    expect(await verdict({prometheus: misspelt, bounds: [{}]})).toMatchObject({
      status: 'inconclusive',
      why: 'no series of erorrs_total, and nobody knows such a metric: is the name right?',
    })
    const good = {good: ['connected_total'], total: ['requests_total']}
    expect(await verdict({prometheus: good, bounds: [{}]}, HOUR, ['connected_total'])).toMatchObject({
      status: 'inconclusive',
    })
  })

  test('that nobody exports, or that did not grow, say nothing', async () => {
    const absent = {bad: ['errors_total'], total: ['nothing_total']}
    expect(await verdict({prometheus: absent, bounds: [{}]})).toMatchObject({
      status: 'inconclusive',
      why: 'no data: nothing_total has no two samples in the window',
    })
    const idle = {bad: ['errors_total'], total: ['idle_total']}
    expect(await verdict({prometheus: idle, bounds: [{}]})).toMatchObject({
      status: 'inconclusive',
      why: 'no events: idle_total did not grow',
    })
  })

  test('of a window that is longer than the data, or that has holes, cannot be trusted', async () => {
    const young = {bad: ['idle_total'], total: ['young_total']}
    expect(await verdict({prometheus: young, bounds: [{}]})).toMatchObject({
      status: 'inconclusive',
      why: expect.stringMatching(
        /^the window of 60 min is longer than the data, which begin 3\d min before its end \(--window \d+[ms]\)$/,
      ) as unknown,
    })
    expect(await verdict({prometheus: young, bounds: [{}]}, HOUR / 2)).toMatchObject({status: 'pass'})
    const holey = {bad: ['idle_total'], total: ['holey_total']}
    expect(await verdict({prometheus: holey, bounds: [{}]})).toMatchObject({
      status: 'inconclusive',
      why: expect.stringMatching(/^only [67]\d % of the window of 60 min has data$/) as unknown,
    })
  })
})

describe('histograms', () => {
  const latency = {prometheus: {histogram: 'latency_ms', unit: 'ms'}, unit: 'ms'} as const

  test('are read by number: "200" and "200.0" are one bucket', async () => {
    const found = await verdict({
      ...latency,
      bounds: [
        {share: 0.95, max: 200, strict: true},
        {level: 'alert', share: 0.99, max: 500},
      ],
    })
    expect(found).toMatchObject({status: 'fail', measured: {unit: 'ms'}})
    expect(found.bounds.map(({met, tally}) => [met, tally.estimated, (tally.good / tally.total).toFixed(2)])).toEqual([
      [true, true, '0.96'],
      [false, true, '0.98'],
    ])
    expect(found.measured?.value).toBeGreaterThan(50)
    expect(found.measured?.value).toBeLessThan(200)
  })

  test('in seconds answer a promise in milliseconds', async () => {
    const source = {prometheus: {histogram: 'seconds', unit: 's'}, unit: 'ms'} as const
    const found = await verdict({...source, bounds: [{share: 0.99, max: 200}]})
    expect(found).toMatchObject({status: 'pass'})
    expect(found.measured?.value).toBeCloseTo(200, 0)
  })

  test('without a bucket at the limit leave that bound open, and name the neighbours', async () => {
    const none = 'latency_ms: no bucket ends at 300: it lies between 200 and 500'
    expect(await verdict({...latency, bounds: [{max: 300}]})).toMatchObject({status: 'inconclusive', why: none})
    const missed = await verdict({
      ...latency,
      bounds: [
        {share: 0.99, max: 200},
        {level: 'alert', share: 0.9, max: 300},
      ],
    })
    expect(missed).toMatchObject({status: 'degraded', notes: [none], bounds: [{met: false}, {met: null}]})
  })

  test('that are native have no bucket where a promise ends', async () => {
    const native = {prometheus: {histogram: 'native_seconds', unit: 's'}, unit: 'ms'} as const
    expect(await verdict({...native, bounds: [{max: 200}]})).toMatchObject({
      status: 'inconclusive',
      why: expect.stringMatching(/^no data: native_seconds is a native histogram, and limits need classic/) as unknown,
    })
  })

  test('of which some instances lack the bucket are open, too', async () => {
    const uneven = {prometheus: {histogram: 'uneven_ms', unit: 'ms'}, unit: 'ms'} as const
    expect(await verdict({...uneven, bounds: [{max: 200}]})).toMatchObject({
      status: 'inconclusive',
      why: 'uneven_ms: 1 of 2 series have a bucket at 200',
    })
  })
})

describe('gauges that say "up"', () => {
  test('are judged for each instance apart, the worst first', async () => {
    const {verdicts} = await judged({prometheus: {up: 'up'}, bounds: [{level: 'alert', share: 0.9}]})
    expect(verdicts.map(({target, status}) => [target, status])).toEqual([
      ['coturn c:1', 'fail'],
      ['backend a:1', 'pass'],
      ['backend b:1', 'pass'],
    ])
  })

  test('know how many scrapes failed running', async () => {
    const runs = (consecutive: number) =>
      judged({prometheus: {up: 'up{job="backend"}'}, bounds: [{level: 'page', share: 1, consecutive}]})
    const {verdicts} = await runs(2)
    expect(verdicts.map(({target, status, bounds}) => [target, status, bounds[0]?.tally.worstRun])).toEqual([
      ['backend b:1', 'fail', 2],
      ['backend a:1', 'pass', 0],
    ])
    expect((await runs(3)).verdicts.map(({status}) => status)).toEqual(['pass', 'pass'])
  })

  test('that are not there say nothing', async () => {
    expect(await verdict({prometheus: {up: 'up{job="gone"}'}, bounds: [{}]})).toMatchObject({
      status: 'inconclusive',
      why: 'no data: up{job="gone"} has no sample in the window',
    })
  })
})

describe('levels', () => {
  test('are slices, one a time step', async () => {
    const queue = {prometheus: {level: 'sum(queue)', unit: 'count'}, unit: 'count', kind: 'slices'} as const
    const found = await verdict({
      ...queue,
      bounds: [
        {share: 1, max: 1000},
        {level: 'alert', share: 1, max: 5000},
      ],
    })
    expect(found).toMatchObject({status: 'degraded', bounds: [{met: false, tally: {good: 54, total: 60}}, {met: true}]})
    expect(found.notes).toBeUndefined()
  })

  test('come in their own unit', async () => {
    const usage = {prometheus: {level: 'max(usage)', unit: 'ratio'}, unit: 'percent', kind: 'slices'} as const
    expect(await verdict({...usage, bounds: [{share: 1, max: 80}]})).toMatchObject({
      status: 'pass',
      measured: {value: 80, unit: 'percent'},
    })
    expect(await verdict({...usage, bounds: [{share: 1, max: 80, strict: true}]})).toMatchObject({status: 'degraded'})
  })

  test('that are percentiles are marked as reported, and 0/0 is no slice', async () => {
    const level = {prometheus: {level: 'max(queue)', unit: 'ms'}, unit: 'ms'} as const
    expect(await verdict({...level, bounds: [{max: 2000}]})).toMatchObject({
      notes: [expect.stringMatching(/^as reported/)],
    })
    const nan = {
      prometheus: {level: 'rate(idle_total[5m]) / rate(idle_total[5m])', unit: 'count'},
      unit: 'count',
    } as const
    expect(await verdict({...nan, bounds: [{max: 1}]})).toMatchObject({
      status: 'inconclusive',
      why: expect.stringMatching(/^no data/) as unknown,
    })
  })
})
