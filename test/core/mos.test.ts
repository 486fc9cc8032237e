import fc from 'fast-check'
import {expect, test} from 'vitest'
import {estimateMos} from '../../src/core/mos.ts'

test.each([
  ['nothing in the way', {delayMs: 0, jitterMs: 0, loss: 0}, 4.4],
  ['a good path', {delayMs: 40, jitterMs: 2, loss: 0}, 4.36],
  ['a path at the limit of what ITU-T G.114 calls acceptable', {delayMs: 400, jitterMs: 0, loss: 0}, 2.91],
  ['three packets of a hundred lost', {delayMs: 40, jitterMs: 2, loss: 0.03}, 4.07],
  ['a quarter lost', {delayMs: 40, jitterMs: 2, loss: 0.25}, 2.28],
  ['nothing arriving', {delayMs: 40, jitterMs: 2, loss: 1}, 1.16],
])('%s', (_what, path, expected) => {
  expect(estimateMos(path)).toBeCloseTo(expected, 1)
})

test('more loss, delay or jitter never sounds better, and every estimate lies between 1 and 4.5', () => {
  const path = fc.record({
    delayMs: fc.double({min: 0, max: 2000, noNaN: true}),
    jitterMs: fc.double({min: 0, max: 500, noNaN: true}),
    loss: fc.double({min: 0, max: 1, noNaN: true}),
  })
  fc.assert(
    fc.property(path, path, (a, b) => {
      const worse = {
        delayMs: Math.max(a.delayMs, b.delayMs),
        jitterMs: Math.max(a.jitterMs, b.jitterMs),
        loss: Math.max(a.loss, b.loss),
      }
      const [of, ofWorse] = [estimateMos(a), estimateMos(worse)]
      expect(ofWorse).toBeLessThanOrEqual(of + 1e-9)
      for (const mos of [of, ofWorse]) {
        expect(mos).toBeGreaterThanOrEqual(1)
        expect(mos).toBeLessThanOrEqual(4.5)
      }
    }),
  )
})
