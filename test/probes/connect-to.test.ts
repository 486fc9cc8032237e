import type {Socket} from 'node:net'
import {beforeAll, describe, expect, test} from 'vitest'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {connectToOption} from '../../src/probes/connect-to-option.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn} from '../fixtures/coturn.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

test.each([
  ['192.0.2.7', {host: '192.0.2.7', port: undefined}],
  ['192.0.2.7:443', {host: '192.0.2.7', port: 443}],
  ['node-3.example.org:3478', {host: 'node-3.example.org', port: 3478}],
  ['[2001:db8::1]:3478', {host: '2001:db8::1', port: 3478}],
  ['2001:db8::1', {host: '2001:db8::1'}],
])('%s is a place to dial', (text, place) => {
  expect(connectToOption.parse(text)).toEqual(place)
})

test.each([
  ['192.0.2.7:99999', 'expected a port of 1 to 65535, got 99999'],
  ['', 'expected a host name or an address, got none'],
  ['2001:db8::1:x', 'expected HOST[:PORT] with an IPv6 address in brackets, got 2001:db8::1:x'],
])('"%s" is none', (text, message) => {
  expect(connectToOption.safeParse(text).error?.issues).toMatchObject([{message}])
})

describe('one node of a fleet, dialled by its address', () => {
  need('turnserver')
  const credentials = {username: 'u', password: 'p'}
  let certificate: Certificate
  beforeAll(async () => {
    certificate = await makeCertificate({names: ['turn.example.invalid']})
  })

  test('shows the certificate of the name that the fleet has', async () => {
    const {tlsPort} = closing(await startCoturn({certificate}))
    const options = {credentials, ca: certificate.ca, packets: 3, connectTo: `127.0.0.1:${tlsPort}`}
    const result = await attemptOn(probes.turn, {address: 'turns:turn.example.invalid', options})
    expect(result).toMatchObject({
      ok: true,
      target: 'turns:turn.example.invalid',
      facts: {ip: '127.0.0.1', tls_subject: 'turn.example.invalid', loss: 0},
    })
    const named = await attemptOn(probes.turn, {address: 'turns:other.example.invalid', options})
    expect(named).toMatchObject({ok: false, failure: {code: 'tls_wrong_name', phase: 'tls'}})
  })

  test('keeps the port of the target, over udp and tcp alike', async () => {
    const {port} = closing(await startCoturn())
    for (const transport of ['udp', 'tcp']) {
      const address = `stun:stun.example.invalid:${port}`
      const options = {transport, connectTo: '127.0.0.1'}
      expect(await attemptOn(probes.stun, {address, options})).toMatchObject({ok: true, facts: {ip: '127.0.0.1'}})
    }
  })
})

test('one node behind a name is asked for by the name, over TLS and in Host', async () => {
  const {ca, ...tls} = await makeCertificate({names: ['chat.example.invalid']})
  const asked: unknown[] = []
  const {port} = closing(
    await serveWebSocket(
      (_, {headers, socket}) => asked.push([headers.host, (socket as Socket & {servername?: string}).servername]),
      {tls},
    ),
  )
  const options = {ca, connectTo: `127.0.0.1:${port}`}
  const result = await attemptOn(probes.websocket, {address: 'wss://chat.example.invalid/ws', options})
  expect(result).toMatchObject({ok: true, target: 'wss://chat.example.invalid/ws', facts: {ip: '127.0.0.1'}})
  expect(asked).toEqual([['chat.example.invalid', 'chat.example.invalid']])
})

test('every connection of a Socket.IO session goes to that node', async () => {
  const chat = closing(await videoChatServer())
  const options = {connectTo: new URL(chat.url).host, transports: ['polling', 'websocket']}
  const address = 'http://chat.example.invalid'
  expect(await attemptOn(probes.socketio, {address, options})).toMatchObject({
    ok: true,
    facts: {transport: 'websocket'},
  })
})
