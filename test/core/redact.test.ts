import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {redactJson, redactText, redactUrl} from '../../src/core/redact.ts'

describe('a secret', () => {
  test.each([
    ['as it is', 'token=s3cret/value!', 's3cret/value'],
    ['URL-encoded', 'GET /?token=s3cret%2Fvalue', 's3cret/value'],
    ['in a query', 'GET /?token=s3cret+value%21', 's3cret value!'],
    ['cut off', 'Bearer s3cret/va…', 's3cret/value'],
    ['cut off, twice', 'a s3cret… b s3cret%2F…', 's3cret/value'],
    ['inside JSON', String.raw`{"password":"line\nbreak"}`, 'line\nbreak'],
    ['inside JSON in JSON', String.raw`{"body":"{\"password\":\"line\\nbreak\"}"}`, 'line\nbreak'],
    ['inside XML', '<auth password="s3cret&amp;value"/>', 's3cret&value'],
  ])('is masked %s', (_title, text, secret) => {
    expect(redactText(text, [secret])).toContain('[redacted]')
    expect(redactText(text, [secret])).not.toContain('cret')
    expect(redactText(text, [secret])).not.toContain('break')
  })
  test('that holds another one is masked whole', () => {
    expect(redactText('abcdefgh', ['cdef', 'abcdefgh'])).toBe('[redacted]')
  })
  test('is masked in every string of a document, keys included', () => {
    const document = {list: ['hunter22'], nested: {hunter22: 'my hunter22'}, count: 1, none: null, yes: true}
    expect(redactJson(document, ['hunter22'])).toEqual({
      list: ['[redacted]'],
      nested: {'[redacted]': 'my [redacted]'},
      count: 1,
      none: null,
      yes: true,
    })
  })
  test('of any kind is in no string of the result', () => {
    const secret = fc.string({minLength: 4, unit: 'binary'}).filter((text) => !'[redacted]'.includes(text))
    fc.assert(
      fc.property(secret, fc.string(), fc.string(), (value, before, after) => {
        const plain = redactText(`${before}${value}`, [value])
        expect(plain.endsWith('[redacted]')).toBe(true)
        expect(redactJson({a: [`${value}${after}`]}, [value]).a[0]?.startsWith('[redacted]')).toBe(true)
      }),
    )
  })
})

test.each([
  ['https://user:pass@host/path', 'https://host/path'],
  ['turn:user:pass@host:3478?transport=udp', 'turn:host:3478?transport=udp'],
  [
    'https://host/socket.io/?EIO=4&transport=websocket&token=abc',
    'https://host/socket.io/?EIO=4&transport=websocket&token=…',
  ],
  ['https://host/?a=1&b=2#c=3', 'https://host/?a=…&b=…#c=3'],
  ['user:pass@no-url', 'user:no-url'],
  ['https://host/@path', 'https://host/@path'],
])('%s is shown as %s', (url, shown) => {
  expect(redactUrl(url)).toBe(shown)
})
