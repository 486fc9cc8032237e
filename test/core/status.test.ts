import fc from 'fast-check'
import {expect, test} from 'vitest'
import {compareStatus, rollUp, statuses, type Status} from '../../src/core/status.ts'

test.each<[Status[], Status]>([
  [['pass', 'inconclusive', 'degraded', 'fail'], 'fail'],
  [['pass', 'inconclusive', 'degraded'], 'degraded'],
  [['pass', 'inconclusive'], 'inconclusive'],
  [['pass', 'skipped'], 'pass'],
  [['skipped', 'skipped'], 'inconclusive'],
  [[], 'inconclusive'],
])('%j rolls up to %s', (found, expected) => {
  expect(rollUp(found)).toBe(expected)
})

const anyStatuses = fc.array(fc.constantFrom(...statuses))

test('the order of verdicts does not matter, and a roll-up of parts is that of the whole', () => {
  fc.assert(
    fc.property(anyStatuses, anyStatuses, (a, b) => {
      expect(rollUp([...a, ...b])).toBe(rollUp([...b, ...a]))
      const parts = [a, b].filter((part) => part.some((status) => status !== 'skipped')).map(rollUp)
      expect(rollUp(parts)).toBe(rollUp([...a, ...b]))
    }),
  )
})

test('one more verdict never makes a run better, unless nothing was known', () => {
  const known = anyStatuses.filter((list) => list.some((status) => status !== 'skipped'))
  fc.assert(
    fc.property(known, fc.constantFrom(...statuses), (list, one) => {
      expect(compareStatus(rollUp([...list, one]), rollUp(list))).toBeLessThanOrEqual(0)
    }),
  )
})
