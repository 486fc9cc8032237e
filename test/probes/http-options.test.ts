import {expect, test} from 'vitest'
import {httpAddress, httpOptions} from '../../src/probes/http/options.ts'
import {withPath} from '../../src/probes/url-address.ts'

/** The first complaint of the schema, or "accepted". */
function complaint(options: unknown): string {
  const parsed = httpOptions.safeParse(options)
  if (parsed.success) return 'accepted'
  const {path, message} = parsed.error.issues[0] ?? {path: [], message: ''}
  return `${path.join('/')}: ${message}`
}

test.each<[options: object, said: string | RegExp]>([
  [{}, 'accepted'],
  [{path: '/health?full=1', expect: {status: [200, '3xx']}}, 'accepted'],
  [{expect: {json: {'$.a[0]': null}}}, 'accepted'],
  [{expect: {status: ['2x']}}, 'expect/status/0: expected a status from 100 to 599 or a class such as "2xx"'],
  [{expect: {status: [600]}}, 'expect/status/0: expected a status from 100 to 599 or a class such as "2xx"'],
  [{expect: {body: '(a'}}, /^expect\/body: expected a pattern in RE2's syntax, got "\(a": .*missing closing \)/],
  [{expect: {body: 'a(?=b)'}}, /^expect\/body: expected a pattern in RE2's syntax/],
  [{expect: {headers: {via: '['}}}, /^expect\/headers\/via: expected a pattern/],
  [{expect: {json: {'status.*': 1}}}, /^expect\/json\/status\.\*: /],
  [{path: '/a b'}, 'path: expected a path without white space and #'],
  [{path: '/a\r\nX: y'}, 'path: expected a path without white space and #'],
  [{headers: {'X-A': 'b\r\nX-C: d'}}, /^headers\/X-A: expected a header value without line breaks/],
  [{headers: {'X-A: b\r\nX-C': 'd'}}, /^headers\/X-A: b\r\nX-C: /],
  [{headers: {'Transfer-Encoding': 'chunked'}}, /^headers\/Transfer-Encoding: /],
  [{auth: {bearer: 'a\nb'}}, /^auth\/bearer: expected a header value without line breaks/],
  [{auth: {token: 'x'}}, /^auth: expected \{bearer: TOKEN\} or/],
  [{method: 'CONNECT'}, /^method: /],
  [{redirects: 11}, /^redirects: /],
  [{maxBodyBytes: 0}, /^maxBodyBytes: /],
])('of the options %j the schema says %s', (options, said) => {
  if (typeof said === 'string') expect(complaint(options)).toBe(said)
  else expect(complaint(options)).toMatch(said)
})

test.each([
  ['http://a.test/x', null],
  ['wss://a.test', null],
  ['http://[::1]:8080/', null],
  ['a.test', 'expected an http:// or https:// address, got "a.test"'],
  ['ftp://a.test', 'expected an http:// or https:// address, got "ftp://a.test"'],
  ['http:a.test', 'expected an http:// or https:// address, got "http:a.test"'],
  ['http://a.test:99999/', 'expected an http:// or https:// address, got "http://a.test:99999/"'],
  ['http://a.test/x y', 'expected an http:// or https:// address, got "http://a.test/x y"'],
  [
    'http://me:secret@a.test/?key=abc',
    'expected an http:// or https:// address without user information, got "http://a.test/?key=…": ' +
      'credentials belong into `auth`',
  ],
])('the address %s is judged: %s', (address, said) => {
  expect(httpAddress.reject(address)).toBe(said)
})

test.each([
  ['http://a.test', '', 'http://a.test/'],
  ['http://a.test', 'health', 'http://a.test/health'],
  ['http://a.test/', '/health', 'http://a.test/health'],
  ['http://a.test/api/', '/health', 'http://a.test/api/health'],
  ['http://a.test/api', 'health/', 'http://a.test/api/health/'],
  ['http://a.test/api?k=1', 'health?full', 'http://a.test/api/health?k=1&full'],
  ['http://a.test/api?k=1', '', 'http://a.test/api?k=1'],
  ['http://a.test/api', '?q=a?b', 'http://a.test/api?q=a?b'],
])('below %s the path "%s" is %s', (base, path, url) => {
  expect(withPath(new URL(base), path).href).toBe(url)
})
