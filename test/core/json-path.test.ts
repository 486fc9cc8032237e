import {describe, expect, test} from 'vitest'
import {parseJsonPath, readJsonPath} from '../../src/core/json-path.ts'

describe('a path', () => {
  test.each([
    ['$', []],
    ['$.status', ['status']],
    ['$.a.b-c', ['a', 'b-c']],
    ['$[0]', [0]],
    ['$[-1].x', [-1, 'x']],
    ["$['a.b']", ['a.b']],
    ['$["it\'s"]', ["it's"]],
    [String.raw`$['it\'s']`, ["it's"]],
    ['', null],
    ['status', null],
    ['$.*', null],
    ['$..a', null],
    ['$[0:2]', null],
    ['$[?(@.a)]', null],
    ['$.', null],
    ['$[0', null],
  ])('%s has the steps %j', (text, steps) => {
    expect(parseJsonPath(text)).toEqual(steps)
  })
})

describe('reading', () => {
  const document = {status: 'OK', list: [{n: 1}, {n: 2}], none: null}
  test.each([
    ['$.status', 'OK'],
    ['$.list[0].n', 1],
    ['$.list[-1].n', 2],
    ['$.none', null],
    ['$.list[2]', undefined],
    ['$.list.length', undefined],
    ['$.status.length', undefined],
    ['$.none.x', undefined],
    ['$.__proto__', undefined],
    ['$.constructor', undefined],
  ])('%s gives %j', (text, value) => {
    expect(readJsonPath(document, parseJsonPath(text) ?? [])).toEqual(value)
  })
})
