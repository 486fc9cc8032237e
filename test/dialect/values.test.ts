import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {withoutValueAt, withValueAt, pathOf} from '../../src/dialect/change.ts'
import {encodeUrl} from '../../src/dialect/filters.ts'
import {fill, fillUrl, fillXml} from '../../src/dialect/template.ts'
import {decodeUtf8, encodeUtf8} from '../../src/dialect/utf8.ts'
import {escapeXml, unescapeXml} from '../../src/dialect/xml.ts'
import type {Json} from '../../src/core/json.ts'

const wellFormed = fc.string({unit: 'binary'})

describe('by hand, because k6 has neither', () => {
  test('UTF-8 is that of Node', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(Buffer.from(encodeUtf8(text)).equals(Buffer.from(text))).toBe(true)
        expect(decodeUtf8(Buffer.from(text))).toBe(text)
      }),
    )
  })

  test('bytes that are no UTF-8 are none to Node either', () => {
    const strict = new TextDecoder('utf-8', {fatal: true, ignoreBOM: true})
    const byNode = (bytes: Uint8Array) => {
      try {
        return strict.decode(bytes)
      } catch {
        return null
      }
    }
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 8}), (bytes) => {
        expect(decodeUtf8(bytes)).toBe(byNode(bytes))
      }),
    )
    for (const bytes of [
      [0xc0, 0x80],
      [0xed, 0xa0, 0x80],
      [0xf4, 0x90, 0x80, 0x80],
      [0xe0, 0x80, 0x80],
      [0xe2, 0x82],
    ]) {
      expect(decodeUtf8(Uint8Array.from(bytes))).toBeNull()
    }
  })

  test('the escaping of URLs is read back by every server', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(decodeURIComponent(encodeUrl(text))).toBe(text)
      }),
    )
  })

  test('the escaping of XML is read back, and no tag survives it', () => {
    fc.assert(
      fc.property(wellFormed, (text) => {
        expect(unescapeXml(escapeXml(text))).toBe(text)
        expect(escapeXml(text)).not.toMatch(/[<>"']/)
      }),
    )
    expect(unescapeXml('&#65;&#x1F642;&unknown;&amp;lt;')).toBe('A🙂&unknown;&lt;')
  })
})

describe('a value in its place', () => {
  const values: Readonly<Record<string, Json>> = {text: 'a/b & "c"', n: 7, list: [1, {two: 2}], euro: '€'}
  const lookup = (name: string) => values[name]

  test.each<[string, Json]>([
    ['{text|json}', '"a/b & \\"c\\""'],
    ['{list|json}', '[1,{"two":2}]'],
    ['{text|xml}', 'a/b &amp; &quot;c&quot;'],
    ['{text|url}', 'a%2Fb%20%26%20%22c%22'],
    ['{euro|base64}', '4oKs'],
    ['{euro|bytes}', 3],
    ['length: {list|bytes}', 'length: 13'],
    ['{n|text}', '7'],
    ['{n}', 7],
    ['{{text|json}}', '{text|json}'],
  ])('%s', (template, expected) => {
    expect(fill(template, lookup)).toEqual(expected)
  })

  test('is escaped for a URL and for XML without being asked', () => {
    expect(fillUrl('/rooms/{text}/{n}', lookup)).toBe('/rooms/a%2Fb%20%26%20%22c%22/7')
    expect(fillXml("<a b='{text}'>{n}</a>", lookup)).toBe("<a b='a/b &amp; &quot;c&quot;'>7</a>")
  })
})

describe('what came, with some of it changed', () => {
  const came = {type: 'offer', list: [{id: 1}, {id: 2}], keep: null}

  test.each<[string, Json, Json]>([
    ['$.type', 'answer', {...came, type: 'answer'}],
    ['$.list[-1].id', 9, {...came, list: [{id: 1}, {id: 9}]}],
    ['$.list[2]', 3, {...came, list: [{id: 1}, {id: 2}, 3]}],
    ['$.new.deep', true, {...came, new: {deep: true}}],
    ['$', 5, 5],
  ])('%s', (path, value, expected) => {
    expect(withValueAt(came, pathOf(path), value)).toEqual(expected)
  })

  test.each<[string, Json]>([
    ['$.keep', {type: 'offer', list: came.list}],
    ['$.list[0]', {...came, list: [{id: 2}]}],
    ['$.list[1].id', {...came, list: [{id: 1}, {}]}],
    ['$.not.there', came],
  ])('without %s', (path, expected) => {
    expect(withoutValueAt(came, pathOf(path))).toEqual(expected)
  })
})
