import {describe, expect, test} from 'vitest'
import {compilePattern} from '../../src/dialect/pattern.ts'

describe('a pattern', () => {
  test('is found anywhere, and gives its named groups', () => {
    const pattern = compilePattern('room-(?P<id>[0-9]+)')
    expect(pattern.test('in room-17 now')).toBe(true)
    expect(pattern.groups('in room-17 now')).toEqual({id: '17'})
    expect(pattern.groups('in no room')).toBeNull()
  })

  test.each(['(?=look)', '(a)\\1', '[', '*'])('%j is refused with what was expected', (source) => {
    expect(() => compilePattern(source)).toThrow(/^expected a pattern in RE2's syntax, got ".*": /)
  })

  test('takes linear time where a backtracking engine would not come back', () => {
    expect(compilePattern('^(a+)+$').test(`${'a'.repeat(5000)}!`)).toBe(false)
  })
})
