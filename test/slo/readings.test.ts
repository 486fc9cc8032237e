import {describe, expect, test} from 'vitest'
import type {Objective} from '../../src/core/objective.ts'
import type {AttemptResult, CheckResult} from '../../src/core/result.ts'
import type {CheckedVerdict} from '../../src/core/verdict.ts'
import {judgeReadings} from '../../src/slo/readings/judge-readings.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {serveHttp} from '../fixtures/serve-http.ts'

const families = ['requests_total', 'errors_total', 'active', 'p95_ms', 'latency_ms']
const contract = Object.fromEntries(
  families.map((name) => [
    name,
    {type: name === 'latency_ms' ? 'histogram' : name.endsWith('_total') ? 'counter' : 'gauge', help: name},
  ]),
)

/** A server whose page is another at every read, and what so many reads of the real probe make of it. */
async function readings(...pages: string[]): Promise<AttemptResult[]> {
  const left = [...pages]
  const {address} = closing(await serveHttp((_request, response) => response.end(left.shift())))
  const found: AttemptResult[] = []
  while (left.length > 0) {
    const result = await attemptOn(probes.metrics, {address, options: {contract}})
    found.push({...result, startedAt: found.length * 10_000})
  }
  return found
}

const promise: Objective = {
  id: 'test',
  indicator: 'test',
  sources: ['metrics'],
  kind: 'events',
  role: 'promise',
  minEvents: 1,
  bounds: [{level: 'target', share: 0.95, severity: 'warning'}],
}

function judged(
  attempts: readonly AttemptResult[],
  change: Partial<Objective>,
  skipped?: string,
): CheckedVerdict | undefined {
  const objective: Objective = {...promise, ...change}
  const result: CheckResult = {
    check: 'metrics',
    probe: 'metrics',
    target: 'a',
    tags: [],
    indicators: [],
    attempts,
    ...(skipped !== undefined && {skipped}),
  }
  return judgeReadings([result], [objective], {strict: false})[0]
}

const page = (requests: number, errors: number, rest = '') =>
  `requests_total{code="200",path="/a"} ${requests}\nrequests_total{code="500",path="/a"} ${errors}\nerrors_total ${errors}\nactive 40\nactive{x="y"} 2\np95_ms 480\n${rest}`
const ratio = {bad: ['errors_total'], total: ['requests_total']}

describe('two reads of a page of metrics', () => {
  test('make a tally by their difference', async () => {
    const attempts = await readings(page(1000, 500), page(1096, 504))
    expect(judged(attempts, {prometheus: ratio})).toMatchObject({
      status: 'pass',
      source: 'metrics',
      checks: ['metrics'],
      bounds: [{tally: {good: 96, total: 100}}],
    })
  })

  test('select series as PromQL does, and a counter that fell began anew', async () => {
    const attempts = await readings(page(1000, 500), page(90, 10))
    const selected = {bad: ['requests_total{code=~"5..",path!="/b"}'], total: ['requests_total']}
    expect(judged(attempts, {prometheus: selected})).toMatchObject({
      status: 'degraded',
      bounds: [{tally: {good: 90, total: 100}}],
    })
  })

  test('tell buckets apart, and leave open what lies between two of them', async () => {
    const buckets = (low: number, all: number) =>
      `# TYPE latency_ms histogram\nlatency_ms_bucket{le="100.0"} ${low}\nlatency_ms_bucket{le="+Inf"} ${all}\nlatency_ms_count ${all}\n`
    const attempts = await readings(page(0, 0, buckets(10, 10)), page(0, 0, buckets(100, 110)))
    const histogram = {unit: 'ms', prometheus: {histogram: 'latency_ms', unit: 'ms'}} as const
    const bound = (max: number) => ({bounds: [{level: 'target', share: 0.9, max, severity: 'warning'}]}) as const
    expect(judged(attempts, {...histogram, ...bound(100)})).toMatchObject({
      status: 'pass',
      bounds: [{tally: {good: 90, total: 100}}],
    })
    expect(judged(attempts, {...histogram, ...bound(50)})).toMatchObject({
      status: 'inconclusive',
      why: 'latency_ms: no bucket ends at 50: it lies below 100',
    })
  })

  test('that are one, or that saw nothing happen, decide nothing', async () => {
    const attempts = await readings(page(10, 0), page(10, 0))
    expect(judged(attempts, {prometheus: ratio})).toMatchObject({
      status: 'inconclusive',
      why: 'no events: requests_total did not grow between two reads',
    })
    expect(judged(attempts.slice(0, 1), {prometheus: ratio})).toMatchObject({
      status: 'inconclusive',
      why: 'counters tell by the difference of two reads, and one was made (attempts: 2)',
    })
    expect(judged([], {prometheus: ratio}, 'blocked by health')).toMatchObject({
      status: 'skipped',
      why: 'blocked by health',
    })
  })
})

test('a page of another exporter decides nothing where some page tells of the objective', async () => {
  const attempts = await readings(page(1000, 500), page(1096, 504))
  const result = {probe: 'metrics', target: 'a', tags: [], indicators: []}
  const checks = [
    {...result, check: 'service', attempts},
    {...result, check: 'redis', attempts: []},
    {...result, check: 'service', target: 'dead', attempts: []},
  ]
  const objective: Objective = {...promise, prometheus: ratio}
  const verdicts = judgeReadings(checks, [objective], {strict: false})
  expect(verdicts.map(({checks: [check], target, status}) => [check, target, status])).toEqual([
    ['service', 'a', 'pass'],
    ['service', 'dead', 'inconclusive'],
  ])
})

describe('a level', () => {
  const limit = (max: number) =>
    ({kind: 'slices', unit: 'count', bounds: [{level: 'target', share: 1, max, severity: 'warning'}]}) as const

  test.each([
    ['sum(active)', 42, 2],
    ['max(active)', 40, 2],
    ['60 * sum(rate(requests_total[5m]))', 60, 1],
  ])('%s is %d, in %d slices', async (level, value, total) => {
    const attempts = await readings(page(100, 0), page(110, 0))
    const prometheus = {level, unit: 'count'} as const
    expect(judged(attempts, {prometheus, ...limit(value)})).toMatchObject({
      status: 'pass',
      measured: {value},
      bounds: [{tally: {total}}],
    })
    expect(judged(attempts, {prometheus, ...limit(value - 1)})).toMatchObject({status: 'degraded'})
  })

  test('that is a percentile is as reported, and what takes more than a page is left to Prometheus', async () => {
    const attempts = await readings(page(1, 0))
    const reported = {unit: 'ms', prometheus: {level: 'max(p95_ms)', unit: 'ms'}} as const
    expect(
      judged(attempts, {...reported, bounds: [{level: 'target', share: 0.95, max: 500, severity: 'x'}]}),
    ).toMatchObject({
      status: 'pass',
      notes: ['as reported: a percentile that the system computed, one slice a read'],
      bounds: [{tally: {good: 1, total: 1}}],
    })
    const prometheus = {level: 'max(a / b)', unit: 'count'} as const
    expect(judged(attempts, {prometheus, ...limit(1)})).toMatchObject({status: 'inconclusive'})
  })
})
