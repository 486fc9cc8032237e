import {io as connect} from 'socket.io-client'
import {describe, expect, test} from 'vitest'
import type {WebSocket} from 'ws'
import {blameOf} from '../../src/core/failure.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {probes} from '../../src/probes/index.ts'
import {startSignalingServer} from '../../src/demo/signaling-server.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {goodChat, slowChat} from '../fixtures/chat-servers.ts'
import {closing} from '../fixtures/closing.ts'
import {ackDialect, jsonDialect, pingDialect, videoChatDialect} from '../fixtures/dialects.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {valuesOf} from '../fixtures/values-of.ts'
import {videoChatServer, type VideoChatOptions} from '../fixtures/video-chat-server.ts'
import {describeProbeConformance, SLOW_MS} from './conformance.ts'

const {signaling} = probes
const dialect = videoChatDialect()
const quick = {dialect, count: 5, interval: 5, roundTripTimeout: 1000}

const serve = async (options?: VideoChatOptions) => closing(await videoChatServer(options))
const attempt = (address: string, options: Readonly<Record<string, unknown>> = {}, timeoutMs = 8000) =>
  attemptOn(signaling, {address, options: {...quick, ...options}, timeoutMs})

const goodOf = (result: AttemptResult, indicator: string) =>
  valuesOf(result, indicator).filter((value) => value !== null).length
const failureOf = (result: AttemptResult) => (result.ok ? 'passed' : result.failure)

describeProbeConformance({
  probe: signaling,
  options: quick,
  address: (port) => `ws://127.0.0.1:${port}`,
  good: goodChat,
  slow: () => slowChat(SLOW_MS),
})

describe('two clients on a real Socket.IO server', () => {
  test.each([
    {client: 'own', transports: ['websocket']},
    {client: 'own', transports: ['polling', 'websocket']},
    {client: 'own', transports: ['polling']},
    {client: 'official', transports: ['websocket']},
  ])('are matched, hand over and make their round trips: $client over $transports', async ({client, transports}) => {
    const server = await serve()
    const result = await attempt(server.url, {
      client,
      dialect: {...dialect, transport: {kind: 'socket.io', transports}},
    })
    expect(failureOf(result)).toBe('passed')
    expect(valuesOf(result, 'signaling_rtt')).toEqual(Array.from({length: 5}, () => expect.any(Number) as number))
    expect(valuesOf(result, 'match_latency')).toEqual([expect.any(Number)])
    expect(valuesOf(result, 'offer_answer')).toEqual([expect.any(Number)])
    // 2 connects, 2 joins, an offer, an answer, 5 round trips
    expect(goodOf(result, 'operation')).toBe(11)
    await expect.poll(() => server.received.filter((event) => event === 'leave')).toHaveLength(2)
  })

  test('pass on the embedded server too', async () => {
    const server = closing(await startSignalingServer())
    expect(failureOf(await attempt(server.url))).toBe('passed')
  })

  test('send candidates both ways where the dialect has them', async () => {
    const candidate = {
      send: {event: 'send-candidate', args: [{roomId: '{room}', candidate: {from: '{side}'}}]},
      expect: {event: 'receive-candidate', where: {'$[0].from': '{peer}'}},
    }
    const {handover} = dialect as {handover: object}
    const result = await attempt((await serve()).url, {dialect: {...dialect, handover: {...handover, candidate}}})
    expect(failureOf(result)).toBe('passed')
    expect(goodOf(result, 'operation')).toBe(13)
    expect(result.phases.find(({name}) => name === 'candidates')).toMatchObject({state: 'done'})
  })

  test('a slow server shows in every latency, and sending goes on by the timetable', async () => {
    const result = await attempt((await serve({lateMs: 300})).url, {count: 10, interval: 10})
    expect(failureOf(result)).toBe('passed')
    for (const value of valuesOf(result, 'signaling_rtt')) expect(value).toBeGreaterThan(295)
    expect(valuesOf(result, 'match_latency')[0]).toBeGreaterThan(295)
    expect(valuesOf(result, 'offer_answer')[0]).toBeGreaterThan(590)
    const roundTrips = result.phases.find(({name}) => name === 'round_trips')
    expect(roundTrips?.ms).toBeLessThan(10 * 300) // one after the other would take longer
  })

  test('every message can be kept, with times', async () => {
    const result = await attempt((await serve()).url, {frames: true})
    expect(result.details?.frames).toContainEqual(
      expect.objectContaining({client: 'a', direction: 'sent', event: 'send-offer', ms: expect.any(Number) as number}),
    )
  })
})

describe('what a server does wrong', () => {
  test('no match: unmatched, with what came instead', async () => {
    const result = await attempt((await serve({neverMatch: true})).url, {matchTimeout: 100})
    expect(failureOf(result)).toMatchObject({
      code: 'unmatched',
      phase: 'match',
      message: expect.stringMatching(/client A expected "matched".* within .*, got "queue-joined"/) as unknown,
    })
    expect(valuesOf(result, 'match_latency')).toEqual([null])
    expect(valuesOf(result, 'signaling_rtt')).toEqual([null, null, null, null, null])
    expect(goodOf(result, 'operation')).toBe(2)
    expect(valuesOf(result, 'operation')).toHaveLength(11)
  })

  test('the deadline of the attempt tells as much', async () => {
    const server = await serve({neverMatch: true})
    const result = await attempt(server.url, {}, 200)
    expect(failureOf(result)).toMatchObject({code: 'unmatched', phase: 'match'})
    expect(server.received.filter((event) => event === 'leave')).toHaveLength(2)
  })

  test('a mute server is unmatched, and nothing came', async () => {
    const result = await attempt((await serve({mute: true})).url, {matchTimeout: 50})
    expect(failureOf(result)).toMatchObject({
      code: 'unmatched',
      message: expect.stringMatching(/got nothing$/) as unknown,
    })
  })

  test('one of three candidates dropped: the lost ones are bad events, the attempt is good', async () => {
    const result = await attempt((await serve({dropCandidates: 3})).url, {count: 9})
    expect(failureOf(result)).toBe('passed')
    expect(valuesOf(result, 'signaling_rtt').map((value) => value !== null)).toEqual([
      true,
      true,
      false,
      true,
      true,
      false,
      true,
      true,
      false,
    ])
    expect(goodOf(result, 'operation')).toBe(6 + 6)
  })

  test('all candidates dropped: the round trips are lost', async () => {
    const result = await attempt((await serve({dropCandidates: 1})).url, {roundTripTimeout: 500})
    expect(failureOf(result)).toMatchObject({
      code: 'round_trips_lost',
      phase: 'round_trips',
      message: expect.stringMatching(
        /^none of 5 round trips.*client B expected "receive-candidate".*got nothing/,
      ) as unknown,
    })
    expect(valuesOf(result, 'signaling_rtt')).toEqual([null, null, null, null, null])
    expect(goodOf(result, 'match_latency')).toBe(1)
  })

  test('killed in the middle: what was measured stays, what was owed is bad', async () => {
    const result = await attempt((await serve({dieAfter: 3})).url, {count: 10, interval: 20})
    expect(failureOf(result)).toMatchObject({code: 'closed_early', phase: 'round_trips'})
    expect(valuesOf(result, 'signaling_rtt')).toHaveLength(10)
    expect(goodOf(result, 'signaling_rtt')).toBe(3)
    expect(valuesOf(result, 'operation')).toHaveLength(16)
    expect(goodOf(result, 'operation')).toBe(6 + 3)
  })

  test('a refused connection shows the reason that the server gave', async () => {
    const refuse = {data: {code: 'E_TOKEN'}}
    const server = await serve({
      prepare: (io) => io.use((_, next) => next(Object.assign(new Error('token expired'), refuse))),
    })
    expect(failureOf(await attempt(server.url))).toMatchObject({
      code: 'connect_error',
      phase: 'open',
      message: expect.stringMatching(/token expired.*E_TOKEN/) as unknown,
    })
  })
})

describe('a stranger in the queue', () => {
  test('is left at once, is never offered to, and makes the attempt inconclusive', async () => {
    const server = await serve({anybody: true})
    const stranger = connect(server.url, {transports: ['websocket'], forceNew: true})
    closing({close: () => stranger.close()})
    const heard: string[] = []
    stranger.onAny((event: string) => heard.push(event))
    stranger.emit('join-queue', {interests: ['music']})
    await new Promise((joined) => stranger.once('queue-joined', joined))

    const result = await attempt(server.url)
    expect(failureOf(result)).toMatchObject({code: 'stranger', phase: 'match'})
    expect(result.ok ? undefined : blameOf(result.failure.code)).toBe('prober')
    expect(result.facts).toMatchObject({matched_stranger: true})
    expect(valuesOf(result, 'match_latency')).toEqual([])
    expect(server.received).not.toContain('send-offer')
    expect(server.received.filter((event) => event === 'leave')).toHaveLength(2)
    expect(heard).toEqual(['queue-joined', 'matched'])
  })

  test('is not met where the server matches by the isolation value', async () => {
    const server = await serve()
    const stranger = connect(server.url, {transports: ['websocket'], forceNew: true})
    closing({close: () => stranger.close()})
    stranger.emit('join-queue', {interests: ['music']})
    await new Promise((joined) => stranger.once('queue-joined', joined))
    expect(failureOf(await attempt(server.url))).toBe('passed')
  })
})

describe('round trips that need no match', () => {
  test('are acknowledged events of one client', async () => {
    const result = await attempt((await serve()).url, {dialect: ackDialect})
    expect(failureOf(result)).toBe('passed')
    expect(goodOf(result, 'signaling_rtt')).toBe(5)
    expect(goodOf(result, 'operation')).toBe(6)
    expect(result.phases.filter(({state}) => state === 'skipped').map(({name}) => name)).toEqual([
      'requests',
      'tls',
      'match',
      'offer',
      'answer',
      'candidates',
    ])
  })

  test('are acknowledged events in a namespace that wants a token', async () => {
    const server = await serve({
      prepare(io) {
        const calls = io.of('/calls')
        calls.use((socket, next) =>
          next(socket.handshake.auth.token === 'right' ? undefined : new Error('who are you?')),
        )
        calls.on('connection', (socket) => {
          socket.on('echo', (id: string, n: number, reply: (id: string, n: number) => void) => reply(id, n))
        })
      },
    })
    const transport = {kind: 'socket.io', namespace: '/calls', auth: {token: 'wrong'}}
    const refused = await attempt(server.url, {dialect: {...ackDialect, transport}})
    expect(failureOf(refused)).toMatchObject({code: 'connect_error'})
    const passed = await attempt(server.url, {dialect: {...ackDialect, transport}, payload: {token: 'right'}})
    expect(failureOf(passed)).toBe('passed')
  })

  /** A chat by another hand: greets, wants its session id back, answers pings by their id, in any order. */
  const chat = (socket: WebSocket) => {
    socket.send(JSON.stringify({type: 'hello', session: 42}))
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString()) as {type: string; session?: unknown; id?: string; n?: number}
      if (message.type === 'auth') {
        socket.send(JSON.stringify(message.session === 42 ? {type: 'ready'} : {type: 'error', text: 'bad session'}))
      }
      if (message.type !== 'ping') return
      socket.send(JSON.stringify({type: 'presence', online: 3}))
      setImmediate(() => socket.send(JSON.stringify({type: 'pong', id: message.id})))
    })
  }

  test('are requests in JSON, answered by their id, after an opening', async () => {
    const urls: (string | undefined)[] = []
    const server = closing(
      await serveWebSocket(
        (socket, request) => {
          urls.push(request.url)
          chat(socket)
        },
        {options: {handleProtocols: () => 'chat.1'}},
      ),
    )
    const result = await attempt(server.address, {dialect: jsonDialect})
    expect(failureOf(result)).toBe('passed')
    expect(goodOf(result, 'signaling_rtt')).toBe(5)
    expect(urls).toEqual([expect.stringMatching(/^\/chat\?room=probe-[a-z0-9]{12}$/)])
  })

  test('an opening that is not answered as expected names the step', async () => {
    const server = closing(
      await serveWebSocket(
        (socket) => {
          socket.send(JSON.stringify({type: 'busy'}))
        },
        {options: {handleProtocols: () => 'chat.1'}},
      ),
    )
    const result = await attempt(server.address, {dialect: jsonDialect, stepTimeout: 1000})
    expect(failureOf(result)).toMatchObject({
      code: 'expectation_unmet',
      phase: 'open',
      message: expect.stringMatching(/client A expected "hello" within .*, got \{"type":"busy"\}/) as unknown,
    })
  })

  test('are ping frames', async () => {
    const server = closing(await serveWebSocket())
    const result = await attempt(server.address, {dialect: pingDialect})
    expect(failureOf(result)).toBe('passed')
    expect(goodOf(result, 'signaling_rtt')).toBe(5)
  })

  test('a value that the server did not tell is the mistake of the dialect', async () => {
    const server = closing(await serveWebSocket())
    const open = [
      {send: {text: '{other.token}'}, only: 'a'},
      {expect: {take: {token: '$.token'}}, only: 'b'},
    ]
    const relay = {kind: 'relay', send: {text: '{id}'}, expect: {where: {$: '{id}'}}}
    const result = await attempt(server.address, {dialect: {transport: {kind: 'ws'}, open, roundTrip: relay}})
    expect(failureOf(result)).toMatchObject({
      code: 'unsupported',
      message: 'the dialect uses {other.token}, which nothing has set',
    })
  })
})

test.each([
  {selected: false as const, got: 'none'},
  {selected: 'chat.2', got: '"chat.2"'},
])('a subprotocol that was not offered ($selected) is named, too', async ({selected, got}) => {
  const server = closing(await serveWebSocket(() => {}, {options: {handleProtocols: () => selected}}))
  const result = await attempt(server.address, {dialect: jsonDialect})
  expect(failureOf(result)).toMatchObject({
    code: 'subprotocol',
    phase: 'open',
    message: `expected one of the subprotocols chat.1, got ${got}`,
  })
})

test("a name in the payload that nothing has set is the operator's mistake", async () => {
  const result = await attempt((await serve()).url, {payload: {token: 'a{b}c'}})
  expect(failureOf(result)).toMatchObject({code: 'unsupported', hint: expect.stringContaining('{{name}}') as unknown})
  expect(JSON.stringify(result)).not.toContain('{b}')
})

test('a refused upgrade of a plain WebSocket is shown', async () => {
  const server = closing(await serveHttp((_, response) => response.writeHead(503).end('no capacity left')))
  const result = await attempt(server.address, {dialect: pingDialect})
  expect(failureOf(result)).toMatchObject({
    code: 'at_limit',
    phase: 'open',
    message: expect.stringMatching(/got 503 Service Unavailable with "no capacity left"/) as unknown,
  })
})
