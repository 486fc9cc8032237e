import {describe, expect, test} from 'vitest'
import {formatMs, parseDuration} from '../../src/core/duration.ts'

test.each([
  ['500ms', 500],
  ['5s', 5000],
  ['1m30s', 90_000],
  ['1.5s', 1500],
  ['2h', 7_200_000],
  ['30d', 2_592_000_000],
  ['1w', 604_800_000],
  ['0', 0],
  ['', null],
  ['5', null],
  ['5 s', null],
  ['s5', null],
  ['-1s', null],
  ['1y', null],
  ['5sx', null],
])('"%s" is %s ms', (text, expected) => {
  expect(parseDuration(text)).toBe(expected)
})

describe('for people', () => {
  test.each([
    [0.419, '0.42 ms'],
    [12.34, '12.3 ms'],
    [812.4, '812 ms'],
    [1234, '1.2 s'],
    [90_000, '90 s'],
    [180_000, '3 min'],
    [7_200_000, '2 h'],
    [99.96, '100 ms'],
    [999.6, '1 s'],
  ])('%d ms reads %s', (ms, text) => {
    expect(formatMs(ms)).toBe(text)
  })
})
