import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {jitter, quantile, shareOf, wilson} from '../../src/core/stats.ts'

describe('the quantile', () => {
  test.each([
    [[], 0.5, null],
    [[7], 0.99, 7],
    [[1, 2, 3, 4], 0.5, 2],
    [[4, 3, 2, 1], 0.75, 3],
    [[1, 2, 3], 0, 1],
    [[1, 2, 3], 1, 3],
  ])('of %j at %d is %s', (values, share, expected) => {
    expect(quantile(values, share)).toBe(expected)
  })
  test('of twenty values at 0.95 is the nineteenth, whatever the float makes of 0.95 × 20', () => {
    expect(
      quantile(
        Array.from({length: 20}, (_, index) => index + 1),
        0.95,
      ),
    ).toBe(19)
  })
  test('is one of the values and grows with the share', () => {
    const values = fc.array(fc.double({noNaN: true}), {minLength: 1})
    const share = fc.double({min: 0, max: 1, noNaN: true})
    fc.assert(
      fc.property(values, share, share, (list, a, b) => {
        const [low, high] = [quantile(list, Math.min(a, b)), quantile(list, Math.max(a, b))]
        expect(list).toContain(low)
        expect(low ?? NaN).toBeLessThanOrEqual(high ?? NaN)
      }),
    )
  })
})

describe("Wilson's interval", () => {
  test.each([
    [0, 0, [0, 1]],
    [20, 20, [0.8389, 1]],
    [0, 20, [0, 0.1611]],
    [1, 1, [0.2065, 1]],
    [50, 100, [0.4038, 0.5962]],
  ])('of %d in %d is known', (good, total, expected) => {
    expect(wilson({good, total}).map((end) => Number(end.toFixed(4)))).toEqual(expected)
  })
  test('holds the share, stays inside 0..1, and narrows with more of the same', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.integer({min: 1, max: 500}), (good, bad) => {
        const total = good + bad
        const [low, high] = wilson({good, total})
        const share = shareOf({good, total}) ?? NaN
        expect(low).toBeGreaterThanOrEqual(0)
        expect(low).toBeLessThanOrEqual(share)
        expect(high).toBeGreaterThanOrEqual(share)
        expect(high).toBeLessThanOrEqual(1)
        const [low10, high10] = wilson({good: good * 10, total: total * 10})
        expect(high10 - low10).toBeLessThan(high - low)
      }),
      {examples: [[0, 205]]}, // where the sum of two roundings came out above the share
    )
  })
})

test('jitter follows RFC 3550: a sixteenth of each change, none for an even stream', () => {
  expect(jitter([])).toBe(0)
  expect(jitter([5, 5, 5])).toBe(0)
  expect(jitter([0, 16])).toBe(1)
  expect(jitter([0, 16, 0])).toBe(1 + 15 / 16)
})
