import {describe, expect, test} from 'vitest'
import type {Json} from '../../src/core/json.ts'
import {fill, placeholdersOf, UnsetValue} from '../../src/dialect/template.ts'

const values: Readonly<Record<string, Json>> = {
  n: 7,
  big: 9_007_199_254_740_991,
  name: 'Ada',
  list: [1],
  none: null,
  'other.sid': 'b',
}
const lookup = (name: string) => values[name]

describe('a template', () => {
  test.each<[Json, Json]>([
    ['{n}', 7],
    ['{big}', 9_007_199_254_740_991],
    ['{list}', [1]],
    ['{none}', null],
    ['no {n}', 'no 7'],
    ['{name} and {other.sid}', 'Ada and b'],
    ['list {list}', 'list [1]'],
    ['{{n}}', '{n}'],
    ['{{n}} is {n}', '{n} is 7'],
    ['{}', '{}'],
    ['{not a name}', '{not a name}'],
    ['{"id":{n},"in":{"a":1}}', '{"id":7,"in":{"a":1}}'],
    [{'{name}': ['{n}', true, 1.5]}, {Ada: [7, true, 1.5]}],
    [null, null],
  ])('%j becomes %j', (template, filled) => expect(fill(template, lookup)).toEqual(filled))

  test('that asks for what nothing has set names it', () => {
    expect(() => fill({a: ['{missing}']}, lookup)).toThrow(new UnsetValue('missing'))
  })

  test('knows the names it asks for', () => {
    expect(placeholdersOf({'{key}': ['{n} {other.sid}', '{{literal}}', 3]})).toEqual(['key', 'n', 'other.sid'])
  })
})
