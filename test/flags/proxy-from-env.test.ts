import {expect, test} from 'vitest'
import {proxyFromEnv} from '../../src/flags/proxy-from-env.ts'

const proxy = 'http://proxy.test:3128'

test.each<[title: string, address: string, env: Record<string, string>, found: string | undefined]>([
  ['a scheme has its own variable', 'https://a.test', {https_proxy: proxy, http_proxy: 'http://other'}, proxy],
  ['wss: goes the way of https:', 'wss://a.test/ws', {HTTPS_PROXY: proxy}, proxy],
  ['ws: goes the way of http:', 'ws://a.test/ws', {HTTP_PROXY: proxy}, proxy],
  ['small letters come first', 'http://a.test', {HTTP_PROXY: 'http://other', http_proxy: proxy}, proxy],
  ['one variable serves all', 'https://a.test', {ALL_PROXY: proxy}, proxy],
  ['a scheme may be left out', 'http://a.test', {http_proxy: 'proxy.test:3128'}, proxy],
  ['an empty variable is none', 'http://a.test', {http_proxy: ''}, undefined],
  ['no variable is no proxy', 'http://a.test', {}, undefined],
])('%s', (_title, ...[address, env, found]) => {
  expect(proxyFromEnv(address, env)).toBe(found)
})

test.each<[list: string, address: string, exempt: boolean]>([
  ['*', 'https://a.test', true],
  ['a.test', 'https://a.test', true],
  ['a.test', 'https://deep.a.test', true],
  ['.a.test', 'https://deep.a.test', true],
  ['a.test', 'https://nota.test', false],
  ['b.test, a.test', 'https://a.test', true],
  ['a.test:8443', 'https://a.test:8443', true],
  ['a.test:8443', 'https://a.test', false],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.0.0.0/99', 'https://10.1.2.3', false],
  ['fd00::/8', 'https://[fd00::1]', true],
  ['[::1]:443', 'https://[::1]', true],
  ['::1', 'https://[::1]', true],
])('NO_PROXY=%s has %s: %s', (list, address, exempt) => {
  expect(proxyFromEnv(address, {https_proxy: proxy, no_proxy: list})).toBe(exempt ? undefined : proxy)
})

test('what is no HTTP proxy is named with its variable', () => {
  expect(() => proxyFromEnv('https://a.test', {ALL_PROXY: 'socks5://me:secret@proxy.test'})).toThrow(
    /^--proxy-from-env: expected an HTTP proxy .* in ALL_PROXY$/,
  )
})
