import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {judge} from '../../src/core/judge.ts'
import type {Bound} from '../../src/core/objective.ts'
import {statuses} from '../../src/core/status.ts'
import {tally, type Tally} from '../../src/core/tally.ts'
import {objective} from '../fixtures/reports.ts'

const twoLevels: Partial<Bound>[] = [
  {level: 'target', share: 0.95},
  {level: 'alert', share: 0.9},
]
const measurement = (tallies: readonly Tally[]) => ({target: 'a', source: 'probe', tallies}) as const
const statusOf = (bounds: readonly Partial<Bound>[], ...tallies: Tally[]) =>
  judge(objective(bounds), measurement(tallies)).status

describe('under target 0.95 and alert 0.90', () => {
  test.each([
    [19, 20, 'pass'],
    [95, 100, 'pass'],
    [949, 1000, 'degraded'],
    [90, 100, 'degraded'],
    [899, 1000, 'fail'],
    [0, 20, 'fail'],
    [1, 1, 'pass'],
    [0, 0, 'inconclusive'],
    [94.999, 100, 'degraded'],
  ])('%d good of %d is %s', (good, total, status) => {
    expect(statusOf(twoLevels, {good, total}, {good, total})).toBe(status)
  })

  test('one event is a pass that is flagged, and inconclusive when strict', () => {
    const few = objective(twoLevels, {minEvents: 20})
    const one = measurement([
      {good: 1, total: 1},
      {good: 1, total: 1},
    ])
    expect(judge(few, one)).toMatchObject({status: 'pass', few: true})
    expect(judge(few, one, true)).toMatchObject({status: 'inconclusive', why: 'fewer than 20 events'})
  })
})

test.each([
  ['a value at a strict limit is bad', 200, true, 'degraded'],
  ['a value at an inclusive limit is good', 200, false, 'pass'],
  ['a value below a strict limit is good', 199.999, true, 'pass'],
  ['a value above an inclusive limit is bad', 200.001, false, 'degraded'],
])('%s', (...[, value, strict, status]) => {
  const bound = {max: 200, share: 1, strict}
  expect(statusOf([bound], tally([{indicator: 'rtt', ok: true, value}], bound))).toBe(status)
})

test.each([
  ['a share at a strict promise misses it', 95, true, 'degraded'],
  ['a share at an inclusive promise keeps it', 95, false, 'pass'],
  ['a share above a strict promise keeps it', 96, true, 'pass'],
])('%s', (...[, good, strict, status]) => {
  expect(statusOf([{share: 0.95, strict}], {good, total: 100})).toBe(status)
})

describe('bad events running', () => {
  const anyDowntime: Partial<Bound>[] = [{share: 0.5}, {level: 'alert', share: 0, consecutive: 2}]
  test('fail an objective whose target is met', () => {
    expect(statusOf(anyDowntime, {good: 8, total: 10}, {good: 8, total: 10, worstRun: 2})).toBe('fail')
  })
  test('may be as many as are allowed', () => {
    expect(statusOf(anyDowntime, {good: 8, total: 10}, {good: 8, total: 10, worstRun: 1})).toBe('pass')
  })
  test('cannot be judged by a source that knows no order', () => {
    expect(statusOf(anyDowntime, {good: 8, total: 10}, {good: 8, total: 10})).toBe('inconclusive')
  })
})

test.each([
  [500, 'pass'],
  [501, 'fail'],
])('an objective without a target passes or fails: %d failed messages against an alert above 500', (value, status) => {
  const bound = {level: 'alert', share: 1, max: 500} as const
  expect(statusOf([bound], tally([{indicator: 'queue_failed', ok: true, value}], bound))).toBe(status)
})

test('an objective without bounds promises nothing and is inconclusive', () => {
  expect(statusOf([])).toBe('inconclusive')
})

test('the verdict names the unit, what is assumed, and the interval of every bound', () => {
  const verdict = judge(objective([{share: 0.95}], {unit: 'ms', assumed: 'why'}), measurement([{good: 19, total: 20}]))
  expect(verdict).toMatchObject({unit: 'ms', assumed: 'why', budgetSpent: expect.closeTo(1) as number})
  expect(verdict.bounds[0]?.interval.map((end) => Number(end.toFixed(4)))).toEqual([0.7639, 0.9911])
})

describe('always', () => {
  const share = fc.double({min: 0, max: 1, noNaN: true})
  const counted = fc.tuple(fc.nat(1000), fc.nat(1000)).map(([good, bad]) => ({good, total: good + bad}))
  const bounds = fc.array(fc.record({level: fc.constantFrom('target', 'alert', 'page'), share, strict: fc.boolean()}), {
    minLength: 1,
    maxLength: 4,
  })
  const rank = (list: readonly Partial<Bound>[], one: Tally) => statuses.indexOf(statusOf(list, ...list.map(() => one)))

  test('one more good event never makes a verdict worse, and one more bad event never better', () => {
    fc.assert(
      fc.property(
        bounds,
        counted.filter(({total}) => total > 0),
        (list, {good, total}) => {
          const now = rank(list, {good, total})
          expect(rank(list, {good: good + 1, total: total + 1})).toBeGreaterThanOrEqual(now)
          expect(rank(list, {good, total: total + 1})).toBeLessThanOrEqual(now)
        },
      ),
    )
  })
  test('nothing measured is never a pass', () => {
    fc.assert(
      fc.property(bounds, (list) => {
        expect(statusOf(list, ...list.map(() => ({good: 0, total: 0})))).toBe('inconclusive')
      }),
    )
  })
  test('a share that stands in the document as a decimal is met by exactly that many', () => {
    fc.assert(
      fc.property(fc.integer({min: 0, max: 1000}), (good) => {
        expect(statusOf([{share: Number((good / 1000).toFixed(3))}], {good, total: 1000})).toBe('pass')
      }),
    )
  })
})
