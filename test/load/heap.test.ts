import {expect, test} from 'vitest'
import {move, type Timed} from '../../scenarios/lib/heap.ts'

/** Numbers that are the same in every run: a linear congruential generator (Numerical Recipes). */
function numbers(count: number, seed: number): number[] {
  let state = seed
  return Array.from({length: count}, () => (state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32) % 50)
}

function heapOf(times: readonly number[]): {heap: Timed[]; entries: Timed[]} {
  const heap: Timed[] = []
  const entries = times.map(() => ({at: Infinity, place: 0}))
  for (const [index, entry] of entries.entries()) move(heap, entry, times[index] ?? 0)
  return {heap, entries}
}

/** The times of all that lie there, as they come. */
function emptied(heap: Timed[]): number[] {
  const times: number[] = []
  for (let first = heap[0]; first; first = heap[0]) {
    times.push(first.at)
    move(heap, first, Infinity)
  }
  return times
}

const ascending = (times: readonly number[]) => times.toSorted((a, b) => a - b)

test.for([0, 1, 2, 3, 10, 257])('%d alarms ring in the order of their times, equal ones as well', (count) => {
  const times = numbers(count, count)
  expect(emptied(heapOf(times).heap)).toEqual(ascending(times))
})

test.for([1, 2, 3, 10, 257])('%d alarms that are set anew, earlier or later, ring at their new times', (count) => {
  const {heap, entries} = heapOf(numbers(count, count))
  const anew = numbers(count, count + 1)
  for (const [index, entry] of entries.entries()) move(heap, entry, anew[index] ?? 0)
  expect(emptied(heap)).toEqual(ascending(anew))
})

test.for([1, 2, 3, 10, 257])('of %d alarms, those that are taken out do not ring, and the others do', (count) => {
  const times = numbers(count, count)
  const {heap, entries} = heapOf(times)
  for (const [index, entry] of entries.entries()) if (index % 3 === 0) move(heap, entry, Infinity)
  expect(emptied(heap)).toEqual(ascending(times.filter((_, index) => index % 3 !== 0)))
})

test('what is in no heap can be taken out of it once more', () => {
  const {heap, entries} = heapOf([5, 1])
  for (const entry of [...entries, ...entries]) move(heap, entry, Infinity)
  expect(heap).toEqual([])
})
