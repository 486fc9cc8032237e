import {expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import {failureOf} from '../../src/probes/classify.ts'

const systemError = (code: string, extra: object = {}) => Object.assign(new Error(`connect ${code}`), {code, ...extra})

test.each([
  ['ECONNREFUSED', 'refused', 'connection refused (ECONNREFUSED)'],
  ['ECONNRESET', 'reset', 'connection reset by the server (ECONNRESET)'],
  ['EPIPE', 'reset', 'connection closed by the server while we wrote (EPIPE)'],
  ['EHOSTUNREACH', 'unreachable', 'host unreachable (EHOSTUNREACH)'],
  ['ENETUNREACH', 'offline', 'this machine has no route to that network (ENETUNREACH)'],
  ['EMFILE', 'exhausted', 'this process has no free file descriptor (EMFILE)'],
  ['ENOTFOUND', 'dns_not_found', 'no such name (ENOTFOUND)'],
  ['EAI_AGAIN', 'dns_failed', 'no name server answered (EAI_AGAIN)'],
  ['EACCES', 'unsupported', 'not permitted by this machine (EACCES)'],
])('%s is %s', (code, failure, message) => {
  expect(failureOf(systemError(code), 'connect')).toEqual({code: failure, phase: 'connect', message})
})

test('the address stands in the message', () => {
  const error = systemError('ECONNREFUSED', {address: '127.0.0.1', port: 81})
  expect(failureOf(error, 'connect').message).toBe('connection refused (ECONNREFUSED 127.0.0.1:81)')
})

test('of several errors the first one counts', () => {
  const both = new AggregateError([systemError('ECONNREFUSED'), systemError('ENETUNREACH')])
  expect(failureOf(both, 'connect').code).toBe('refused')
})

test("a probe's own failure keeps its words, and its phase where it has one", () => {
  const hint = 'look there'
  expect(failureOf(new ProbeFailure('http_status', 'expected 200', {hint}), 'transfer')).toEqual({
    code: 'http_status',
    phase: 'transfer',
    message: 'expected 200',
    hint,
  })
  expect(failureOf(new ProbeFailure('http_status', 'x', {phase: 'processing'}), 'transfer').phase).toBe('processing')
})

test('a TLS error belongs to the phase tls, whenever it arrives', () => {
  const late = systemError('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')
  expect(failureOf(late, 'processing')).toMatchObject({code: 'tls_client_certificate', phase: 'tls'})
})

test.each([
  [new TypeError('x is not a function'), /probe crashed: TypeError: x is not a function\n {4}at /],
  ['thrown text', /^probe crashed: thrown text$/],
  [undefined, /^probe crashed: undefined$/],
])('anything else is a bug of ours: %s', (error, message) => {
  const failure = failureOf(error, 'connect')
  expect(failure).toMatchObject({code: 'crashed', phase: 'connect'})
  expect(failure.message).toMatch(message)
})
