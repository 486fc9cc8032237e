import {describe, expect, test} from 'vitest'
import type {WebSocket} from 'ws'
import {ProbeFailure} from '../../src/core/errors.ts'
import {probes} from '../../src/probes/index.ts'
import {walk} from '../../src/reporters/walk.ts'
import {wireTrace} from '../../src/reporters/wire-trace.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {causeOf} from '../fixtures/named.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'

const MANY = 10_000_000
const DEEP = 100_000
const ws = {transport: {kind: 'ws'}, roundTrip: {kind: 'ping'}}
const waitFor = (expected: object) => ({...ws, open: [{expect: expected, name: 'the thing'}]})
const nested = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`

/** The socket below, for what \`ws\` would not send. */
const below = (socket: WebSocket) => (socket as unknown as {readonly _socket: NodeJS.WritableStream})._socket

/** An attempt with all the time there is, which is cut off once the client has read so far that it answers a ping. */
async function attempt(dialect: object, talk: (socket: WebSocket) => unknown) {
  const read = new AbortController()
  const {address} = closing(
    await serveWebSocket((socket) => {
      socket.once('pong', () => read.abort(new ProbeFailure('timeout', 'enough')))
      talk(socket)
    }),
  )
  const options = {count: 1, stepTimeout: 30_000, trace: true, dialect}
  return attemptOn(probes.signaling, {address, options, secrets: ['canary'], signal: read.signal, timeoutMs: 60_000})
}

describe('what a server sends in place of a message', () => {
  test.each<{what: string; dialect: object; frame: string | Buffer; got: RegExp}>([
    {what: '10 MB of text', dialect: waitFor({where: {$: 'x'}}), frame: 'x'.repeat(MANY), got: /got x{120}…$/},
    {
      what: 'a text on which a backtracking pattern would hang',
      dialect: waitFor({matches: {$: '(x+x+)+y'}}),
      frame: 'x'.repeat(100_000),
      got: /got x{120}…$/,
    },
    {
      what: '10 MB of JSON',
      dialect: waitFor({where: {'$.a.b': 1}}),
      frame: JSON.stringify({a: 'x'.repeat(MANY)}),
      got: /got \{"a":"x{114}…$/,
    },
    {
      what: '10 MB of bytes that are no text',
      dialect: waitFor({has: ['$.a']}),
      frame: Buffer.alloc(MANY, 0xff),
      got: /got bytes that are no text \(base64 \/{40}…\)$/,
    },
    {
      what: 'JSON of a hundred thousand levels',
      dialect: waitFor({take: {all: '$.a'}}),
      frame: nested(DEEP),
      got: /got \[{120}…$/,
    },
    {
      what: 'a frame with a thousand messages',
      dialect: {...waitFor({has: ['$.a']}), transport: {kind: 'ws', frames: {separator: ';'}}},
      frame: '{"b":1};'.repeat(1000),
      got: /got \{"b":1\}, \{"b":1\}, \{"b":1\} and 97 before$/,
    },
  ])('is told in a line, in bounded time: $what', async ({dialect, frame, got}) => {
    const result = await attempt(dialect, (socket) => {
      socket.send(frame)
      socket.ping()
    })
    expect(causeOf(result)).toMatchObject({code: 'expectation_unmet', phase: 'open'})
    expect(result).toMatchObject({failure: {message: expect.stringMatching(got) as unknown}})
    expect(walk(result).length + wireTrace(result).length).toBeLessThan(10_000)
  })

  test.each([
    [
      'text that is no UTF-8',
      (socket: WebSocket) => below(socket).write(Buffer.of(0x81, 2, 0xff, 0xfe)),
      /invalid UTF-8/,
    ],
    [
      'a message that is longer than any',
      (socket: WebSocket) => socket.send(Buffer.alloc(17 * 1024 * 1024)),
      /at most 16777216 bytes/,
    ],
    [
      'bytes that are no frames',
      (socket: WebSocket) => below(socket).write('HTTP/1.1 400 Bad Request\r\n\r\n'),
      /expected WebSocket frames/,
    ],
  ])('is a breach of the protocol: %s', async (_, talk, message) => {
    expect(causeOf(await attempt(waitFor({}), talk))).toMatchObject({
      code: 'protocol_error',
      phase: 'open',
      message: expect.stringMatching(message) as unknown,
    })
  })

  test('is no packet of Socket.IO, if it is nested without end', async () => {
    const dialect = {
      transport: {kind: 'socket.io'},
      open: [{expect: {event: 'x'}}],
      roundTrip: {kind: 'ack', send: {event: 'x'}},
    }
    const result = await attempt(dialect, (socket) => {
      socket.send('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":20000}')
      socket.on('message', () => socket.send(`40{"sid":"b"}`))
      socket.once('message', () => socket.send(`42["x",${nested(DEEP)}]`))
    })
    expect(causeOf(result)).toMatchObject({
      code: 'protocol_error',
      message: expect.stringMatching(/expected JSON of at most 500 levels in a Socket\.IO packet/) as unknown,
    })
  })
})

test('a flood ends at the limit of the step that waits, with its name', async () => {
  const {address} = closing(
    await serveWebSocket((socket) => {
      for (let sent = 0; sent < 100_000; sent++) socket.send('{"b":1}')
    }),
  )
  const options = {dialect: waitFor({has: ['$.a']}), stepTimeout: 300}
  const result = await attemptOn(probes.signaling, {address, options, timeoutMs: 60_000})
  expect(causeOf(result)).toMatchObject({
    code: 'expectation_unmet',
    phase: 'open',
    message: expect.stringMatching(/^client A expected "the thing" within .*, got (nothing|.*\{"b":1\}.*)$/) as unknown,
  })
})

test('half a frame is nothing, and a server that reads no close frame is left after a moment', async () => {
  const halved = closing(await serveWebSocket((socket) => below(socket).write(Buffer.of(0x81, 5, 0x7b))))
  const dialect = waitFor({has: ['$.a']})
  const waited = await attemptOn(probes.signaling, {address: halved.address, options: {dialect, stepTimeout: 1000}})
  expect(causeOf(waited)).toMatchObject({message: expect.stringMatching(/got nothing$/) as unknown})
  const deaf = closing(await serveWebSocket((socket) => socket.once('ping', () => setImmediate(() => socket.pause()))))
  const options = {dialect: ws, count: 1}
  expect(await attemptOn(probes.signaling, {address: deaf.address, options})).toMatchObject({ok: true})
})
