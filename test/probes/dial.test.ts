import {getEventListeners, once} from 'node:events'
import {createServer, type AddressInfo, type Socket} from 'node:net'
import {afterEach, expect, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {dial, type DialAddress} from '../../src/probes/dial.ts'
import {closing} from '../fixtures/closing.ts'
import {closedTcp, silentTcp} from '../fixtures/fault-server.ts'
import {recordingTrace} from '../fixtures/recording-trace.ts'
import {serveHttp} from '../fixtures/serve-http.ts'

const sockets: Socket[] = []
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy()
})

async function open(address: DialAddress, trace = recordingTrace()): Promise<Socket> {
  const socket = await dial(address, {}, trace)
  sockets.push(socket)
  return socket
}

test('a plain connection has the phases resolve and connect, and leaves no listener on the signal', async () => {
  const server = closing(await silentTcp())
  const trace = recordingTrace()
  await open({host: '127.0.0.1', port: server.port}, trace)
  expect(trace.phases).toEqual(['resolve', 'connect'])
  expect(trace.facts).toEqual({ip: '127.0.0.1', ip_protocol: 4})
  expect(getEventListeners(trace.signal, 'abort')).toEqual([])
})

test('a TLS connection has a phase of its own, and tells the certificate', async () => {
  const {ca, ...tls} = await makeCertificate()
  const server = closing(await serveHttp(() => {}, {tls}))
  const trace = recordingTrace()
  await open({host: '127.0.0.1', port: server.port, tls: {ca}}, trace)
  expect(trace.phases).toEqual(['resolve', 'connect', 'tls'])
  expect(Object.keys(trace.facts)).toEqual([
    'ip',
    'ip_protocol',
    'tls_version',
    'tls_cipher',
    'tls_subject',
    'tls_chain',
    'tls_expires_at',
    'tls_expires_in_days',
  ])
})

test('the asked application protocol is offered', async () => {
  const {ca, ...tls} = await makeCertificate()
  const server = closing(await serveHttp(() => {}, {tls: {...tls, ALPNProtocols: ['h2', 'http/1.1']}}))
  const socket = await open({host: '127.0.0.1', port: server.port, tls: {ca, alpn: ['http/1.1']}})
  expect(socket).toMatchObject({alpnProtocol: 'http/1.1'})
})

test('an IPv6 address is dialled with or without its brackets', async () => {
  const server = closing(await serveHttp(() => {}, {host: '::1'}))
  for (const host of ['::1', '[::1]']) {
    const socket = await open({host, port: server.port})
    expect(socket.remoteAddress).toBe('::1')
  }
})

test('a closed port rejects with the error of the socket', async () => {
  const {port} = await closedTcp()
  await expect(open({host: '127.0.0.1', port})).rejects.toMatchObject({code: 'ECONNREFUSED'})
})

test('an abort in the handshake rejects with its reason and closes the socket', async () => {
  const server = createServer((socket) => socket.on('error', () => {}).resume())
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing(server)
  const controller = new AbortController()
  const dialling = open(
    {host: '127.0.0.1', port: (server.address() as AddressInfo).port, tls: {}},
    recordingTrace(controller.signal),
  )
  const [peer] = (await once(server, 'connection')) as [Socket]
  const closed = once(peer, 'close')
  const reason = new Error('stop')
  controller.abort(reason)
  await expect(dialling).rejects.toBe(reason)
  await closed
})

test('a signal that has already fired rejects at once', async () => {
  const server = closing(await silentTcp())
  const reason = new Error('stop')
  await expect(open({host: '127.0.0.1', port: server.port}, recordingTrace(AbortSignal.abort(reason)))).rejects.toBe(
    reason,
  )
})
