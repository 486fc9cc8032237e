import {expect, test} from 'vitest'
import {requestUrl} from '../../src/dialect/request-url.ts'

test.each([
  ['/login', {}, 'https://chat.example.org/login'],
  ['/login', {user: 'a&b', 'x y': 'ü'}, 'https://chat.example.org/login?user=a%26b&x%20y=%C3%BC'],
  ['https://office.example.org/t', {for: '1'}, 'https://office.example.org/t?for=1'],
])('%s with %o', (path, query, url) => {
  expect(requestUrl({path, query}, 'https://chat.example.org')).toBe(url)
})

test.each(['//evil.example.com/x', '/\\evil.example.com/x', '/@evil.example.com'])(
  'a path stays at home, whatever a server has put into it: %s',
  (path) => {
    expect(new URL(requestUrl({path, query: {}}, 'https://chat.example.org')).host).toBe('chat.example.org')
  },
)
