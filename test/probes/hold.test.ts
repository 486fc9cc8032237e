import {createHash} from 'node:crypto'
import {beforeAll, describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {tcpFault} from '../fixtures/fault-server.ts'
import {causeOf} from '../fixtures/named.ts'
import {FORWARDS_UPGRADES, haproxy, nginx} from '../fixtures/reverse-proxy.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {valuesOf} from '../fixtures/values-of.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

const {websocket, socketio} = probes

const IDLE_MS = 1000
/** Long enough to outlast the proxy's patience twice; the talk is far within it. */
const HOLD = {hold: 3000, talkEvery: 200}

const idleNginx = async (port: number) => {
  const {ports} = closing(
    await nginx(
      ({ports: [listen]}) => `
      server {
        listen 127.0.0.1:${listen};
        location / { ${FORWARDS_UPGRADES} proxy_read_timeout ${IDLE_MS}ms; proxy_pass http://127.0.0.1:${port}; }
      }`,
    ),
  )
  return ports[0]
}

const idleHaproxy = async (port: number) => {
  const {ports} = closing(
    await haproxy(
      ({ports: [listen]}) => `
listen chat
  bind 127.0.0.1:${listen}
  timeout tunnel ${IDLE_MS}ms
  timeout server ${IDLE_MS}ms
  server one 127.0.0.1:${port}`,
    ),
  )
  return ports[0]
}

describe.each([
  ['nginx', idleNginx],
  ['HAProxy', idleHaproxy],
])('the idle time-out of %s', (program, through) => {
  need(program.toLowerCase())
  let port: number
  beforeAll(async () => {
    const server = await serveWebSocket()
    const chat = await videoChatServer({server: {pingInterval: 25_000}})
    port = server.port
    chatUrl = chat.url
    return async () => {
      await server.close()
      await chat.close()
    }
  })
  let chatUrl: string

  test('is told with its length, as only the silent WebSocket ends', async () => {
    const result = await attemptOn(websocket, {address: `ws://127.0.0.1:${await through(port)}`, options: HOLD})
    expect(causeOf(result)).toMatchObject({
      code: 'idle_timeout',
      phase: 'hold',
      message: expect.stringMatching(/the silent connection ended after .*; the one that talks did not$/) as unknown,
      hint: expect.stringMatching(/proxy_read_timeout in nginx, timeout tunnel in HAProxy/) as unknown,
    })
    expect(result.facts).toMatchObject({held_talking_ms: HOLD.hold})
    expect(result.facts.idle_timeout_ms).toBeGreaterThan(IDLE_MS / 2) // a busy machine hears late
    expect(result.facts.idle_timeout_ms).toBeLessThan(HOLD.hold)
    expect(valuesOf(result, 'connection_held')).toEqual([null, HOLD.hold])
  })

  test('is told of Socket.IO, whose heartbeats are further apart', async () => {
    const address = `http://127.0.0.1:${await through(Number(new URL(chatUrl).port))}`
    const result = await attemptOn(socketio, {address, options: HOLD})
    expect(causeOf(result)).toMatchObject({
      code: 'idle_timeout',
      phase: 'hold',
      hint: expect.stringMatching(/shorter than the heartbeats of the server are apart/) as unknown,
    })
  })

  test('is told of polling, whose requests wait for the next heartbeat', async () => {
    const address = `http://127.0.0.1:${await through(Number(new URL(chatUrl).port))}`
    const result = await attemptOn(socketio, {address, options: {...HOLD, transports: ['polling']}})
    expect(causeOf(result)).toMatchObject({
      code: 'idle_timeout',
      phase: 'hold',
      message: expect.stringMatching(/^a poll that waited for the server was answered after .* 504 Gateway/) as unknown,
    })
    expect(result.facts.idle_timeout_ms).toBeLessThan(HOLD.hold)
  })

  test('is never met by Socket.IO whose heartbeats are closer', async () => {
    const chat = closing(await videoChatServer({server: {pingInterval: 200}}))
    const address = `http://127.0.0.1:${await through(Number(new URL(chat.url).port))}`
    const options = {hold: IDLE_MS * 2, talkEvery: 200}
    const result = await attemptOn(socketio, {address, options})
    expect(result).toMatchObject({ok: true, facts: {held_silent_ms: options.hold, held_talking_ms: options.hold}})
  })
})

describe('a held connection', () => {
  const short = {hold: 400, talkEvery: 100}

  test('that nobody ends is held to the end, which adds to the time of the attempt', async () => {
    const server = closing(await serveWebSocket())
    const result = await attemptOn(websocket, {address: server.address, options: short, timeoutMs: 5000})
    expect(result).toMatchObject({ok: true, facts: {held_silent_ms: 400, held_talking_ms: 400}})
    expect(valuesOf(result, 'connection_held')).toEqual([400, 400])
  })

  test('is held over polling as well, by the heartbeats of the server', async () => {
    const chat = closing(await videoChatServer({server: {pingInterval: 100}}))
    const options = {...short, transports: ['polling']}
    const result = await attemptOn(socketio, {address: chat.url, options, timeoutMs: 20_000})
    expect(result).toMatchObject({
      ok: true,
      facts: {transport: 'polling', held_silent_ms: 400, held_talking_ms: 400},
    })
  })

  test('that the server closes is told with code and reason, talking or not', async () => {
    const server = closing(await serveWebSocket((socket) => setTimeout(() => socket.close(1012, 'deploy'), 150)))
    expect(causeOf(await attemptOn(websocket, {address: server.address, options: short}))).toMatchObject({
      code: 'closed_early',
      phase: 'hold',
      message: expect.stringMatching(
        /talks ended after .*: the server closed with 1012 "deploy"; so did the/,
      ) as unknown,
      hint: 'the server restarts',
    })
  })

  test.each([1005, 1006, 1015, 2999, 5000])(
    'that is closed with %i, which no peer may send, is named',
    async (code) => {
      const server = closing(
        await tcpFault((socket) =>
          socket.once('data', (request) => {
            const key = /sec-websocket-key: (\S+)/i.exec(request.toString('latin1'))?.[1] ?? ''
            const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
            const head = [
              'HTTP/1.1 101 Yes',
              'Upgrade: websocket',
              'Connection: Upgrade',
              `Sec-WebSocket-Accept: ${accept}`,
            ]
            socket.write(`${head.join('\r\n')}\r\n\r\n`)
            const close = Buffer.from([0x88, 2, code >> 8, code & 0xff])
            setTimeout(() => socket.write(close), 50)
          }),
        ),
      )
      const options = {...short, ping: 0}
      expect(causeOf(await attemptOn(websocket, {address: `ws://127.0.0.1:${server.port}`, options}))).toMatchObject({
        code: 'close_code',
        phase: 'hold',
        message: expect.stringMatching(new RegExp(`closed with the code ${code}, which may not be sent`)) as unknown,
      })
    },
  )

  test('whose server stops its heartbeats is told by that, not by a time-out', async () => {
    const open = '0{"sid":"a","upgrades":[],"pingInterval":100,"pingTimeout":100}'
    const server = closing(
      await serveWebSocket((socket) => {
        socket.send(open)
        socket.on('message', () => socket.send('40{"sid":"b"}'))
      }),
    )
    const options = {hold: 5000, talkEvery: 50}
    expect(causeOf(await attemptOn(socketio, {address: server.address, options}))).toMatchObject({
      code: 'heartbeat_missed',
      phase: 'hold',
      message: expect.stringMatching(/expected a heartbeat of the server, heard nothing for/) as unknown,
    })
  })

  test('ends with the attempt when it is stopped', async () => {
    const server = closing(await serveWebSocket())
    const stopped = new AbortController()
    setTimeout(() => stopped.abort(new ProbeFailure('aborted', 'interrupted')), 150)
    const {signal} = stopped
    const options = {hold: 60_000}
    const result = await attemptOn(websocket, {address: server.address, options, signal})
    expect(causeOf(result)).toMatchObject({code: 'aborted'})
    expect(result.totalMs).toBeLessThan(10_000)
  })
})
