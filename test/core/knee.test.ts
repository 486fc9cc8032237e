import {describe, expect, test} from 'vitest'
import {kneeOf, type LoadPoint} from '../../src/core/knee.ts'

const levels = (values: readonly (number | null)[], errors: readonly number[] = []): LoadPoint[] =>
  values.map((ms, index) => ({load: (index + 1) * 100, ms, errors: errors[index] ?? 0}))

describe('the knee of a curve', () => {
  const found: readonly (readonly [title: string, points: LoadPoint[], load: number, why: RegExp])[] = [
    [
      'is the last level before the latency doubles for good',
      levels([10, 11, 12, 18, 40, 90]),
      400,
      /p95 of 40\.0 ms .* twice the 10\.0 ms/,
    ],
    ['is the last level before errors', levels([10, 10, 10, 10, 10], [0, 0, 0, 0.05, 0.2]), 300, /^5 % fail$/],
    ['names both where both are seen', levels([10, 10, 50, 60], [0, 0, 0.3, 0.5]), 200, /twice the .*, and 30 % fail/],
    ['is seen where only errors are left to see', levels([10, 10, null, null], [0, 0, 1, 1]), 200, /^100 % fail$/],
    ['may lie at the lowest level', levels([10, 100, 150, 200, 250, 300]), 100, /100 ms/],
    ['is not hidden by a slow beginning', levels([100, 10, 12, 14, 60, 80]), 400, /60\.0 ms/],
    ['does not depend on the order of the points', levels([10, 11, 12, 18, 40, 90]).toReversed(), 400, /40\.0 ms/],
  ]
  test.each(found)('%s', (...[, points, load, why]) => {
    const knee = kneeOf(points)
    expect(knee).toMatchObject({found: true, load, beyond: load + 100})
    expect(knee.why).toMatch(why)
  })

  const none: readonly (readonly [title: string, points: LoadPoint[], why: RegExp])[] = [
    ['it lies beyond what was tried', levels([10, 11, 12, 13, 15]), /up to 500 .* lies beyond what was tried/],
    [
      'a level that is slow while later ones are not was an incident',
      levels([10, 11, 90, 12, 13]),
      /beyond what was tried/,
    ],
    ['the noise of a loopback is no knee', levels([0.2, 0.3, 0.5, 0.9, 1.1]), /beyond what was tried/],
    ['there are too few levels', levels([10, 90]), /it takes 3 levels of load to tell, and there are 2/],
    [
      'levels without any sample are none',
      levels([10, 11]).concat([{load: 300, ms: null, errors: null}]),
      /there are 2/,
    ],
    [
      'it errs from the beginning',
      levels([10, 10, 10], [0.5, 0.5, 0.5]),
      /errors are above 1 % at the lowest load already/,
    ],
  ]
  test.each(none)('there is none, and it says why: %s', (_, points, why) => {
    const knee = kneeOf(points)
    expect(knee.found).toBe(false)
    expect(knee.why).toMatch(why)
  })
})
