import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Event} from '../../src/core/event.ts'
import {addTallies, isGood, tally} from '../../src/core/tally.ts'

const event = (ok: boolean, value?: number): Event => ({indicator: 'rtt', ok, ...(value !== undefined && {value})})

describe('an event', () => {
  test.each([
    ['that failed is bad whatever its value', event(false, 1), {max: 200}, false],
    ['without the value that is asked for is bad', event(true), {max: 200}, false],
    ['whose value is no number is bad', event(true, NaN), {max: 200}, false],
    ['without a value is good where none is asked for', event(true), {}, true],
    ['at an inclusive lower end is good', event(true, 10), {min: 10, max: 100}, true],
    ['at a strict lower end is bad', event(true, 10), {min: 10, strict: true}, false],
    ['below the lower end is bad', event(true, 9), {min: 10, max: 100}, false],
    ['of an endless value is bad', event(true, Infinity), {max: 100}, false],
  ])('%s', (...[, one, bound, good]) => {
    expect(isGood(one, bound)).toBe(good)
  })
})

test('the longest run of bad events is told', () => {
  const events = [false, true, false, false, true, false].map((ok) => event(ok))
  expect(tally(events, {})).toEqual({good: 2, total: 6, worstRun: 2})
})

const events = fc.array(
  fc.record({ok: fc.boolean(), value: fc.double({noNaN: true})}).map(({ok, value}) => event(ok, value)),
)
const limit = fc.double({noNaN: true})

test('good events are never more than all, nor a run longer than the bad ones', () => {
  fc.assert(
    fc.property(events, limit, (list, max) => {
      const {good, total, worstRun = 0} = tally(list, {max})
      expect(total).toBe(list.length)
      expect(good).toBeLessThanOrEqual(total)
      expect(worstRun).toBeLessThanOrEqual(total - good)
    }),
  )
})

test('a strict limit never lets through what an inclusive one stops', () => {
  fc.assert(
    fc.property(events, limit, (list, max) => {
      expect(tally(list, {max, strict: true}).good).toBeLessThanOrEqual(tally(list, {max}).good)
    }),
  )
})

test('tallies of parts add up to the tally of the whole, in any order', () => {
  fc.assert(
    fc.property(events, events, limit, (one, other, max) => {
      const parts = [tally(one, {max}), tally(other, {max})]
      const {good, total} = tally([...one, ...other], {max})
      expect(addTallies(parts)).toMatchObject({good, total})
      expect(addTallies(parts)).toEqual(addTallies(parts.toReversed()))
    }),
  )
})

test('a sum with an estimated part is estimated, and knows no order when a part knows none', () => {
  const sum = addTallies([
    {good: 1, total: 2, estimated: true},
    {good: 1, total: 1, worstRun: 0},
  ])
  expect(sum).toEqual({good: 2, total: 3, estimated: true})
})
