import {describe, expect, test} from 'vitest'
import type {AttemptResult} from '../../src/core/result.ts'
import type {WalkedStep} from '../../src/dialect/walk.ts'
import {probes} from '../../src/probes/index.ts'
import type {WireFrame} from '../../src/probes/probe.ts'
import {walk} from '../../src/reporters/walk.ts'
import {wireTrace} from '../../src/reporters/wire-trace.ts'
import {attemptOn, type AttemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {jsonDialect, pingDialect, videoChatDialect} from '../fixtures/dialects.ts'
import {serveRooms} from '../fixtures/serve-rooms.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'

type Traced = WireFrame & {readonly client: string; readonly ms: number}
const framesOf = ({details}: AttemptResult) => details?.trace as unknown as Traced[]
const stepsOf = ({details}: AttemptResult) => details?.steps as unknown as (WalkedStep & {ms?: number})[]
const shortly = ({client, direction, kind, data}: Traced) =>
  `${client} ${direction} ${kind} ${data.slice(0, 12)}`.trimEnd()

async function attempt(on: AttemptOn) {
  const options = {count: 2, interval: 5, stepTimeout: 1500, trace: true, ...on.options}
  return attemptOn(probes.signaling, {...on, options})
}

/** Answers as jsonDialect expects, in binary frames; a client that shows no token is left waiting. */
const jsonServer = () =>
  serveWebSocket(
    (socket) => {
      const say = (value: object) => socket.send(Buffer.from(JSON.stringify(value)))
      say({type: 'hello', session: 'session-1', token: 'of-the-server'})
      socket.on('message', (data: Buffer) => {
        const {type, token, ...rest} = JSON.parse(data.toString()) as {type: string; token?: string}
        if (type === 'auth' && token !== undefined) say({type: 'ready', token})
        if (type === 'ping') say({...rest, type: 'pong'})
      })
    },
    {options: {handleProtocols: () => 'chat.1'}},
  )

describe('the trace of an attempt', () => {
  test('has every frame of a plain WebSocket in order, binary ones and the close too', async () => {
    const {address} = closing(await jsonServer())
    const frames = framesOf(await attempt({address, options: {dialect: jsonDialect, count: 1}}))
    expect(frames.map(shortly)).toEqual([
      'a received binary {"type":"hel',
      'a sent text {"type":"aut',
      'a received binary {"type":"rea',
      'a sent text {"type":"pin',
      expect.stringMatching(/^a received binary \{"id":/),
      'a sent text {"type":"bye',
      'a received close 1000',
    ])
    expect(frames.map(({ms}) => ms)).toEqual(frames.map(({ms}) => ms).toSorted((a, b) => a - b))
  })

  test('has ping frames with their pongs', async () => {
    const {address} = closing(await serveWebSocket())
    const frames = framesOf(await attempt({address, options: {dialect: pingDialect, count: 1}}))
    expect(frames.slice(0, 2).map(({direction, kind}) => `${direction} ${kind}`)).toEqual([
      'sent ping',
      'received pong',
    ])
    expect(frames[0]?.data).toBe(frames[1]?.data)
  })

  test.each([
    {transports: ['websocket'], first: 'received text 0{"sid"'},
    {transports: ['polling', 'websocket'], first: 'sent http GET /socket.io/?'},
    {transports: ['polling'], first: 'sent http GET /socket.io/?'},
  ])('of Socket.IO over $transports begins with the handshake and has both clients', async ({transports, first}) => {
    const {url} = closing(await videoChatServer())
    const dialect = {...videoChatDialect(), transport: {kind: 'socket.io', transports}}
    const result = await attempt({address: url, options: {dialect}})
    expect(result.ok).toBe(true)
    const frames = framesOf(result)
    const lines = frames
      .filter(({client}) => client === 'a')
      .map(({direction, kind, data}) => `${direction} ${kind} ${data}`)
    expect(lines[0]?.startsWith(first)).toBe(true)
    expect(lines.some((line) => line.includes('42["join-queue"'))).toBe(true)
    expect(frames.some(({client, data}) => client === 'b' && data.includes('42["receive-offer"'))).toBe(true)
  })

  test('holds no secret, in whatever frame it travels or comes back', async () => {
    const canary = 'canary/"with quotes'
    const {address} = closing(await jsonServer())
    const dialect = {
      ...jsonDialect,
      open: [jsonDialect.open[0], {send: {json: {type: 'auth', token: canary}}}, jsonDialect.open[2]],
      leave: [{send: {json: {type: 'bye', inner: JSON.stringify({token: canary})}}}],
    }
    const result = await attempt({
      address: `${address}/?token=canary-in-url`,
      secrets: [canary, 'canary-in-url'],
      options: {dialect, frames: true},
    })
    expect(result.ok).toBe(true)
    expect(JSON.stringify(result)).not.toContain('canary')
    const shown = wireTrace(result)
    expect(shown).toContain('"token":"[redacted]"')
    expect(shown).not.toMatch(/canary|of-the-server/)
  })

  test('nor one that the server itself gave away and repeats in its own words', async () => {
    const {address} = closing(
      await serveRooms({
        http: (_, response) => response.setHeader('set-cookie', 'sid=canary-sid; Path=/').end('{"token":"canary-1"}'),
        joined: ({say, request}) => say({type: 'hello', ticket: 'canary-2', asked: request.url ?? ''}),
        said: ({say}) => say({type: 'error', why: 'canary-1 and canary-2 do not go together'}),
      }),
    )
    const dialect = {
      ...pingDialect,
      transport: {kind: 'ws', query: {token: '{token}'}},
      before: [{request: {path: '/login'}, expect: {take: {token: '$.body.token'}}}],
      open: [
        {expect: {where: {'$.type': 'hello'}, take: {ticket_secret: '$.ticket'}}},
        {send: {json: {type: 'auth', ticket: '{ticket_secret}'}}},
        {expect: {where: {'$.type': 'ready'}}, name: 'ready'},
      ],
      errors: [{where: {'$.type': 'error'}, take: {why: '$.why'}, text: '{why}'}],
    }
    const result = await attempt({address, options: {dialect, frames: true}})
    expect(result).toMatchObject({
      failure: {message: 'client A at "ready": the server answered "[redacted] and [redacted] do not go together"'},
    })
    expect(JSON.stringify(result)).not.toContain('canary')
    const refused = {
      ...dialect,
      transport: {kind: 'ws'},
      before: [{...dialect.before[0], expect: {has: ['$.body.user']}}],
    }
    expect(JSON.stringify(await attempt({address, options: {dialect: refused, frames: true}}))).not.toContain(
      'canary-sid',
    )
  })

  test('of bytes that are no text tells how many they are', async () => {
    const {address} = closing(await serveWebSocket((socket) => socket.send(Buffer.from([0xff, 0, 1]))))
    const dialect = {...pingDialect, open: [{expect: {}}]}
    expect(framesOf(await attempt({address, options: {dialect}}))[0]).toMatchObject({kind: 'binary', data: '3 bytes'})
  })

  test('is there when the server refuses the connection after its first frame', async () => {
    const {url} = closing(await videoChatServer({prepare: (io) => io.use((_, next) => next(new Error('go away')))}))
    const result = await attempt({address: url, options: {dialect: videoChatDialect()}})
    expect(framesOf(result).some(({data}) => data.startsWith('44{"message":"go away"'))).toBe(true)
    expect(stepsOf(result)).toEqual([])
  })

  test('is not kept unless it is asked for', async () => {
    const {address} = closing(await serveWebSocket())
    const result = await attempt({address, options: {dialect: pingDialect, trace: false}})
    expect(result.details).toBeUndefined()
  })
})

describe('the steps of an attempt', () => {
  test('are all done when it went well', async () => {
    const {url} = closing(await videoChatServer())
    const steps = stepsOf(await attempt({address: url, options: {dialect: videoChatDialect()}}))
    expect(steps.map(({state}) => state)).toEqual(steps.map(() => 'done'))
    expect(steps.find(({stage}) => stage === 'round_trips')?.what).toBe('2 of 2 came back (relay)')
    expect(
      steps.filter(({stage}) => stage === 'match').map(({client, what}) => `${client} ${what.slice(0, 18)}`),
    ).toEqual(
      ['a sends "join-queue"', 'a expects "matched" w', 'b sends "join-queue"', 'b expects "matched" w'].map((line) =>
        line.slice(0, 20),
      ),
    )
  })

  test('tell what did not come, and what was not reached', async () => {
    const {url} = closing(await videoChatServer({neverMatch: true}))
    const result = await attempt({address: url, options: {dialect: videoChatDialect(), matchTimeout: 100}})
    const told = stepsOf(result).map(({stage, client, state}) => `${stage} ${client} ${state}`)
    expect(told.slice(0, 5)).toEqual([
      'match a done',
      'match a waiting',
      'match b done',
      'match b waiting',
      'offer a not reached',
    ])
    const lines = walk(result).split('\n')
    expect(lines[0]).toBe('match')
    expect(lines[2]).toBe('  WAIT  A  expects "matched" with $[0].roomId, $[0].peerId  (did not come)')
    expect(lines[3]).toMatch(/^ +came: "queue-joined" \[\{"position":\d\}\]$/)
  })

  test('are there when the attempt is stopped from outside', async () => {
    const {address} = closing(await serveWebSocket())
    const stop = new AbortController()
    const dialect = {...pingDialect, open: [{send: {text: 'hi'}}, {expect: {where: {$: 'hello'}}}]}
    const attempting = attempt({address, signal: stop.signal, options: {dialect, stepTimeout: 60_000}})
    closing(await serveWebSocket())
    stop.abort(new Error('Ctrl-C'))
    const result = await attempting
    expect(result.ok).toBe(false)
    expect(result.details).toHaveProperty('steps')
  })
})
