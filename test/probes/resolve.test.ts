import {expect, test} from 'vitest'
import {resolve} from '../../src/probes/resolve.ts'
import {recordingTrace} from '../fixtures/recording-trace.ts'

test.each([
  ['127.0.0.1', undefined, {address: '127.0.0.1', family: 4}],
  ['::1', undefined, {address: '::1', family: 6}],
  ['[::1]', 6, {address: '::1', family: 6}],
  ['localhost', 4, {address: '127.0.0.1', family: 4}],
] as const)('%s of family %s is %j', async (host, family, expected) => {
  const trace = recordingTrace()
  expect(await resolve(host, family ? {family} : {}, trace)).toEqual(expected)
  expect(trace.phases).toEqual(['resolve'])
  expect(trace.facts).toEqual({ip: expected.address, ip_protocol: expected.family})
})

test('an address of the other family is not found', async () => {
  await expect(resolve('::1', {family: 4}, recordingTrace())).rejects.toMatchObject({
    code: 'unsupported',
    message: '::1 is not an IPv4 address',
    hint: 'drop the -4 flag or name a host',
  })
})

test('a name that does not exist rejects with an error of the resolver', async () => {
  // RFC 6761, section 6.4: never resolves, and resolvers answer it without asking anyone.
  const error: unknown = await resolve('nowhere.invalid', {}, recordingTrace()).catch((thrown: unknown) => thrown)
  expect(['ENOTFOUND', 'EAI_AGAIN']).toContain((error as NodeJS.ErrnoException).code)
})

test('a name longer than names can be is not found', async () => {
  await expect(resolve('a'.repeat(254), {}, recordingTrace())).rejects.toMatchObject({code: 'dns_not_found'})
})

test('an abort ends the wait for the resolver', async () => {
  const reason = new Error('stop')
  await expect(resolve('localhost', {}, recordingTrace(AbortSignal.abort(reason)))).rejects.toBe(reason)
})
