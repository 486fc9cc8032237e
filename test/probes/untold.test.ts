import {describe, expect, test} from 'vitest'
import msgpack from 'socket.io-msgpack-parser'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {causeOf} from '../fixtures/named.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {videoChatServer, type VideoChatOptions} from '../fixtures/video-chat-server.ts'

const {signaling, socketio, websocket} = probes

/** A Socket.IO server that notes every packet of Engine.IO which reaches it, but for the answers to its own pings. */
async function listening(options: VideoChatOptions = {}) {
  const packets: string[] = []
  const server = closing(
    await videoChatServer({
      ...options,
      prepare: (io) =>
        io.engine.on('connection', (socket: {on(name: 'packet', listener: (packet: Packet) => void): void}) =>
          socket.on('packet', ({type, data = ''}) => type !== 'pong' && packets.push(`${type} ${data.toString()}`)),
        ),
    }),
  )
  return {...server, packets}
}
interface Packet {
  readonly type: string
  readonly data?: string | Buffer
}

const ack = {kind: 'ack', send: {event: 'echo', args: ['{n}']}, ack: {where: {'$[0]': '{n}'}}}

/** There are servers that die of a frame that they do not know. */
describe('nothing is sent that was not asked for', () => {
  test.each([
    {client: 'own', transports: ['websocket']},
    {client: 'own', transports: ['polling']},
    {client: 'own', transports: ['polling', 'websocket']},
    {client: 'official', transports: ['websocket']},
  ])('to a Socket.IO server, by our $client client over $transports', async ({client, transports}) => {
    const {url, packets} = await listening()
    const dialect = {transport: {kind: 'socket.io', transports}, roundTrip: ack}
    const options = {dialect, client, count: 2, interval: 5}
    expect(await attemptOn(signaling, {address: url, options})).toMatchObject({ok: true})
    const connect = client === 'official' ? 'message 0{}' : 'message 0'
    const said = [connect, 'message 20["echo",0]', 'message 21["echo",1]', 'message 1']
    await expect.poll(() => packets.filter((packet) => packet !== 'close ')).toEqual(said)
  })

  test('nor by the check of a handshake alone', async () => {
    const {url, packets} = await listening()
    expect(await attemptOn(socketio, {address: url})).toMatchObject({ok: true})
    await expect.poll(() => packets).toEqual(['message 0', 'message 1'])
  })

  test('nor by a second look that is let in', async () => {
    const frames: string[] = []
    let upgrades = 0
    const server = closing(
      await serveWebSocket(
        (socket) => {
          for (const name of ['message', 'ping', 'pong']) socket.on(name, () => frames.push(name))
          socket.on('close', (code) => frames.push(`close ${code}`))
        },
        {
          upgrade({headers}, socket, accept) {
            upgrades++
            if (headers.origin === undefined) accept()
            else socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n')
          },
        },
      ),
    )
    const options = {origin: 'https://evil.test'}
    expect(causeOf(await attemptOn(websocket, {address: server.address, options}))).toMatchObject({
      code: 'origin_refused',
    })
    expect(upgrades).toBe(3) // as it was asked for, with the server's own origin, without any
    await expect.poll(() => frames).toEqual(['close 1006'])
  })
})

describe('a parser of Socket.IO that is not its own', () => {
  const server = {parser: msgpack}

  test('is named, and what is left to probe with it', async () => {
    const {url, packets} = await listening({server})
    const dialect = {transport: {kind: 'socket.io'}, roundTrip: ack}
    const result = await attemptOn(signaling, {address: url, options: {dialect}})
    expect(causeOf(result)).toMatchObject({
      code: 'parser_mismatch',
      hint: expect.stringMatching(/socket\.io-msgpack-parser.*websocket-ping/) as unknown,
    })
    expect(packets).toEqual(['message 0'])
  })

  test('is probed by handshake and ping frame, and the report says that it is no more', async () => {
    const {url, packets} = await listening({server})
    const dialect = {
      transport: {kind: 'ws', path: '/socket.io/', query: {EIO: '4', transport: 'websocket'}},
      roundTrip: {kind: 'ping'},
    }
    const result = await attemptOn(signaling, {address: url, options: {dialect, count: 3, interval: 5}})
    expect(result).toMatchObject({ok: true, facts: {spoken: 'the handshake and ping frames, no messages'}})
    expect(result.events.filter(({indicator, ok}) => indicator === 'signaling_rtt' && ok)).toHaveLength(3)
    expect(packets).toEqual([])
  })
})
