import {expect, test} from 'vitest'
import {duration} from '../../src/probes/duration-option.ts'

test.each([
  ['500ms', 500],
  ['5s', 5000],
  ['1m30s', 90_000],
  ['0', 0],
  [250, 250],
  [0.5, 0.5],
])('%j is %d ms', (input, ms) => {
  expect(duration().parse(input)).toBe(ms)
})

test.each([
  ['soon', 'expected a duration such as "500ms", "5s" or "1m30s", got "soon"'],
  ['5', 'expected a duration such as "500ms", "5s" or "1m30s", got "5"'],
  ['', 'expected a duration such as "500ms", "5s" or "1m30s", got ""'],
  [-1, 'expected a duration such as "500ms", "5s" or "1m30s", got -1'],
  [true, 'expected a duration such as "500ms", "5s" or "1m30s", got true'],
  [null, 'expected a duration such as "500ms", "5s" or "1m30s", got null'],
])('%j is none', (input, message) => {
  expect(
    duration()
      .safeParse(input)
      .error?.issues.map((issue) => issue.message),
  ).toEqual([message])
})
