import {describe, expect, test} from 'vitest'
import {promDuration} from '../../src/core/duration.ts'
import type {Bound, Objective} from '../../src/core/objective.ts'
import {leMatcher} from '../../src/slo/le-matcher.ts'
import {boundQuery} from '../../src/slo/promql.ts'
import {promtoolOn} from '../fixtures/documented.ts'

const window = {ms: 300_000, stepMs: 15_000}

function queriesOf(
  prometheus: NonNullable<Objective['prometheus']>,
  bound: Partial<Bound> = {},
  unit?: Objective['unit'],
) {
  const whole: Bound = {level: 'alert', share: 0.95, severity: 'critical', ...bound}
  const objective: Objective = {
    id: 'test',
    indicator: 'test',
    sources: ['prometheus'],
    kind: 'events',
    role: 'promise',
    bounds: [whole],
    minEvents: 1,
    prometheus,
    ...(unit && {unit}),
  }
  const queries = boundQuery(objective, whole, window)
  if (queries) expect(promtoolOn(Object.values(queries))).toContain('SUCCESS')
  return queries
}

describe('the queries of a bound', () => {
  test('divide bad events by all, summed over instances, a counter without a series being no error', () => {
    expect(queriesOf({bad: ['errors_total'], total: ['requests_total']})).toEqual({
      bad: '(sum(increase(errors_total[5m])) or vector(0))',
      total: 'sum(increase(requests_total[5m]))',
      good: 'sum(increase(requests_total[5m])) - (sum(increase(errors_total[5m])) or vector(0))',
      badShare: '(sum(increase(errors_total[5m])) or vector(0)) / sum(increase(requests_total[5m]))',
      crossed: '(sum(increase(errors_total[5m])) or vector(0)) / sum(increase(requests_total[5m])) > 0.05',
    })
  })

  test('take a counter of good events as it is: without a series nothing is known', () => {
    expect(queriesOf({good: ['ice_connected_total'], total: ['ice_attempted_total']})?.badShare).toBe(
      '(sum(increase(ice_attempted_total[5m])) - sum(increase(ice_connected_total[5m]))) / sum(increase(ice_attempted_total[5m]))',
    )
  })

  test('add counters up, and one that is not there yet adds nothing', () => {
    expect(queriesOf({bad: ['e_total'], total: ['a_total', 'b_total']})?.badShare).toBe(
      '(sum(increase(e_total[5m])) or vector(0)) / ((sum(increase(a_total[5m])) or vector(0)) + (sum(increase(b_total[5m])) or vector(0)))',
    )
  })

  test('ask a histogram of seconds for a limit in milliseconds, in every spelling of the bucket', () => {
    const queries = queriesOf({histogram: 'latency_seconds', unit: 's'}, {max: 200, strict: true}, 'ms')
    expect(queries?.good).toBe('sum(increase(latency_seconds_bucket{le="0.2"}[5m]))')
    expect(queries?.total).toBe('sum(increase(latency_seconds_count[5m]))')
    expect(queriesOf({histogram: 'latency_ms', unit: 'ms'}, {max: 200}, 'ms')?.good).toBe(
      'sum(increase(latency_ms_bucket{le=~"200([.]0)?"}[5m]))',
    )
    expect(queriesOf({histogram: 'latency_ms', unit: 'ms'}, {}, 'ms')).toBeNull()
  })

  test('count the scrapes of each instance apart', () => {
    expect(queriesOf({up: 'up{job="backend"}'}, {share: 1, consecutive: 1})).toMatchObject({
      good: 'sum by (job, instance) (sum_over_time(up{job="backend"}[5m]))',
      total: 'sum by (job, instance) (count_over_time(up{job="backend"}[5m]))',
      crossed: 'up{job="backend"} == 0',
    })
  })

  test('count the time steps in which a level lies inside its limits', () => {
    const level = {level: 'sum(rate(a_total[5m]))', unit: 'count'} as const
    expect(queriesOf(level, {share: 1, min: 10, max: 100}, 'count')).toMatchObject({
      good: 'sum_over_time((((sum(rate(a_total[5m]))) >= bool 10) * ((sum(rate(a_total[5m]))) <= bool 100))[5m:15s])',
      crossed: '(sum(rate(a_total[5m]))) > 100 or (sum(rate(a_total[5m]))) < 10',
    })
    expect(queriesOf({level: 'max(usage)', unit: 'ratio'}, {share: 1, max: 80, strict: true}, 'percent')?.crossed).toBe(
      '(max(usage)) >= 0.8',
    )
  })

  test.each([
    [{share: 0.999, strict: true}, '>= 0.001'],
    [{share: 0.999}, '> 0.001'],
    [{share: 0.9, max: 500, strict: true}, '> 0.1'],
    [{share: 1}, '> 0'],
    [{share: 0, strict: true}, '>= 1'],
  ])('are crossed by the sign of the document: %j', (bound, end) => {
    const source = 'max' in bound ? {histogram: 'h', unit: 'ms' as const} : {bad: ['b'], total: ['t']}
    expect(queriesOf(source, bound, 'ms')?.crossed.endsWith(` ${end}`)).toBe(true)
  })
})

test.each([
  [200, 'le=~"200([.]0)?"'],
  [0.2, 'le="0.2"'],
  [2.5, 'le="2.5"'],
  [1_000_000, 'le=~"1000000([.]0)?|1e[+]06"'],
  [2_500_000, 'le=~"2500000([.]0)?|2[.]5e[+]06"'],
  [0.00005, 'le=~"0[.]00005|5e-05"'],
  [1e-7, 'le="1e-07"'],
])('the bucket of %d is found by %s', (bound, matcher) => {
  expect(leMatcher(bound)).toBe(matcher)
})

test.each([
  [300_000, '5m'],
  [90_000, '90s'],
  [86_400_000, '1d'],
  [2_592_000_000, '30d'],
  [1500, '1500ms'],
  [0.4, '1ms'],
])('%d ms are %s to Prometheus', (ms, text) => {
  expect(promDuration(ms)).toBe(text)
})
