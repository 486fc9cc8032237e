import {expect, test} from 'vitest'
import {addTo, takeFirst} from '../../scenarios/lib/heap.ts'

/** Numbers that are the same in every run: a linear congruential generator (Numerical Recipes). */
function numbers(count: number, seed: number): number[] {
  let state = seed
  return Array.from({length: count}, () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) % 50)
}

test.for([0, 1, 2, 3, 10, 257])('%d alarms ring in the order of their times, equal ones as well', (count) => {
  const times = numbers(count, count)
  const heap: {at: number}[] = []
  for (const at of times) addTo(heap, {at})
  const taken = times.map(() => takeFirst(heap)?.at)
  expect(taken).toEqual(times.toSorted((a, b) => a - b))
  expect(takeFirst(heap)).toBeUndefined()
})

test('an alarm that is set between two that ring has its place', () => {
  const heap: {at: number}[] = []
  for (const at of [5, 1, 9]) addTo(heap, {at})
  expect(takeFirst(heap)).toEqual({at: 1})
  for (const at of [7, 2]) addTo(heap, {at})
  expect([takeFirst(heap), takeFirst(heap), takeFirst(heap), takeFirst(heap)].map((one) => one?.at)).toEqual([
    2, 5, 7, 9,
  ])
})
