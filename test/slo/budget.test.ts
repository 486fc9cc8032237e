import {expect, test} from 'vitest'
import {formatMs} from '../../src/core/duration.ts'
import {budgetOf, runsOutInMs, type Budget} from '../../src/slo/budget/budget.ts'

const DAY = 86_400_000
const events = (bad: number, total: number) => ({good: total - bad, total})

function budget(...of: Parameters<typeof budgetOf>): Budget {
  const found = budgetOf(...of)
  if (!found) throw new Error('expected a budget')
  return found
}

test.each([
  [0.999, DAY, '86.4 s', 86_400],
  [0.999, 30 * DAY, '43.2 min', 2_592_000],
  [0.999, 7 * DAY, '10.1 min', 604_800], // 10.08 min
  [0.99, DAY, '14.4 min', 864_000],
  [0.95, 30 * DAY, '36 h', 129_600_000],
])('a promise of %d over %d ms leaves %s', (...[share, period, text, ms]) => {
  const {time} = budget(share, events(0, 1000), period)
  expect(time).toEqual({allowed: ms, spent: 0, left: ms})
  expect(formatMs(time.allowed)).toBe(text)
})

test('at 99.95 % half of the budget of 99.9 % is spent, and 21.6 min of 30 days are left', () => {
  const {time, spentShare, burnRate} = budget(0.999, events(5, 10_000), 30 * DAY)
  expect({time, spentShare, burnRate}).toEqual({
    time: {allowed: 2_592_000, spent: 1_296_000, left: 1_296_000},
    spentShare: 0.5,
    burnRate: 0.5,
  })
})

test('a budget that is overspent is below zero', () => {
  const {events: spent, spentShare} = budget(0.9, events(150, 1000), DAY)
  expect({spent, spentShare}).toEqual({spent: {allowed: 100, spent: 150, left: -50}, spentShare: 1.5})
})

test('there is none where nothing happened, or where everything was promised', () => {
  expect(budgetOf(0.999, events(0, 0), DAY)).toBeNull()
  expect(budgetOf(1, events(0, 10), DAY)).toBeNull()
})

test.each([
  [0, 10, 3 * DAY], // all of it, ten times too fast
  [50, 1, 15 * DAY],
  [50, 14.4, (15 / 14.4) * DAY],
  [50, 0, null],
  [100, 1, 0],
  [150, 0, 0],
])('with %d %% of 30 days spent and a burn rate of %d it runs out in %d ms', (percent, rate, ms) => {
  const spent = budget(0.9, events(percent, 1000), 30 * DAY)
  expect(runsOutInMs(spent, rate)).toBe(ms)
})
