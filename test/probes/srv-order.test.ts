import {expect, test} from 'vitest'
import {inSrvOrder, type SrvRecord} from '../../src/probes/stun/srv-order.ts'

const record = (name: string, priority: number, weight: number): SrvRecord => ({name, port: 3478, priority, weight})
const names = (records: readonly SrvRecord[]) => records.map(({name}) => name).join(' ')

test('lower priorities come first, whatever the weights', () => {
  const records = [record('last', 30, 100), record('first', 10, 0), record('second', 20, 1)]
  for (const dice of [0, 0.5, 0.999]) expect(names(inSrvOrder(records, () => dice))).toBe('first second last')
})

test('among equals the dice decide by weight, and 0 is drawn last but for a throw of 0', () => {
  const records = [record('heavy', 10, 60), record('light', 10, 30), record('none', 10, 0)]
  expect(names(inSrvOrder(records, () => 0))).toBe('none heavy light')
  expect(names(inSrvOrder(records, () => 0.5))).toBe('heavy light none')
  expect(names(inSrvOrder(records, () => 0.99))).toBe('light heavy none')
})

test('servers are drawn as often as their weights say', () => {
  const records = [record('a', 1, 75), record('b', 1, 25)]
  const throws = Array.from({length: 1000}, (_, index) => index / 1000) // every throw once
  const first = throws.filter((dice) => inSrvOrder(records, () => dice)[0]?.name === 'a').length
  expect(first).toBeGreaterThan(740)
  expect(first).toBeLessThan(760)
})

test('no records are no servers', () => {
  expect(inSrvOrder([], () => 0)).toEqual([])
})
