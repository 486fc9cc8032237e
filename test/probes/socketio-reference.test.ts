import {io as connect} from 'socket.io-client'
import {describe, expect, test} from 'vitest'
import type {Json} from '../../src/core/json.ts'
import {openSocketIo, type ArrivedMessage, type Session} from '../../src/probes/socketio/session.ts'
import {socketIoAddress} from '../../src/probes/socketio/options.ts'
import {closing} from '../fixtures/closing.ts'
import {quietTrace} from '../fixtures/trace.ts'
import {videoChatServer, type VideoChatServer} from '../fixtures/video-chat-server.ts'

type Transports = readonly ('websocket' | 'polling')[]
const ways: readonly {transports: Transports}[] = [
  {transports: ['websocket']},
  {transports: ['polling', 'websocket']},
  {transports: ['polling']},
]

/** Events that try a codec: no arguments, many, every kind of JSON, other scripts, separators, large, bytes. */
const told: readonly (readonly [event: string, ...args: unknown[]])[] = [
  ['nothing'],
  ['many', 1, 'two', [3], {four: 4}, null, true],
  ['numbers', 0, -1.5, 1e21, 9_007_199_254_740_991],
  ['scripts', 'héllo — 你好 🙂 \u0000\u001e\u2028'],
  ['a "quoted", [name]', ''],
  ['deep', {a: [{b: {c: [[[{}]]]}}]}],
  ['large', 'x'.repeat(200_000)],
  ['bytes', Buffer.from([0, 1, 254, 255]), {nested: [Buffer.from('abc'), 'text', Buffer.alloc(0)]}],
  ['last'],
]

async function talkative(): Promise<VideoChatServer> {
  return closing(
    await videoChatServer({
      prepare(io) {
        io.of('/talk').on('connection', (socket) => {
          for (const [event, ...args] of told) socket.emit(event, ...args)
        })
      },
    }),
  )
}

async function open(server: VideoChatServer, namespace: string, transports: Transports): Promise<Session> {
  const address = socketIoAddress.parse(server.url)
  const transport = {path: '/socket.io/', query: {}, transports: [...transports]}
  return closing(
    await openSocketIo({address, target: {}, transport, headers: {}, connection: {}, namespace}, quietTrace()),
  )
}

/** Everything that our session hears up to the event `last`. */
async function heardByUs(session: Session): Promise<unknown[]> {
  const heard: unknown[] = []
  for (;;) {
    const {message}: ArrivedMessage = await session.messages.take(AbortSignal.timeout(5000))
    if (message.kind !== 'event') continue
    heard.push([message.event, ...message.value])
    if (message.event === 'last') return heard
  }
}

/** The same by the protocol's own client, with bytes written as we write them. */
async function heardByTheOfficial(server: VideoChatServer, transports: Transports): Promise<unknown[]> {
  const socket = connect(`${server.url}/talk`, {transports: [...transports], forceNew: true})
  closing({close: () => socket.close()})
  const heard: unknown[] = []
  await new Promise<void>((done) => {
    socket.onAny((event: string, ...args: unknown[]) => {
      heard.push([event, ...args.map(written)])
      if (event === 'last') done()
    })
  })
  return heard
}

function written(value: unknown): unknown {
  if (Buffer.isBuffer(value)) return value.toString('base64')
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, written(item)]))
}

describe.each(ways)('beside the official client, over $transports', ({transports}) => {
  test('the same events are heard, in the same order', async () => {
    const server = await talkative()
    const ours = await heardByUs(await open(server, '/talk', transports))
    expect(ours).toEqual(await heardByTheOfficial(server, transports))
    expect(ours).toHaveLength(told.length)
  })

  test('the server hears the same, and its acknowledgements come back', async () => {
    const server = await talkative()
    const session = await open(server, '/', transports)
    const said: readonly Json[][] = [[], [1, 'two', null, {three: [3]}], ['你好 \u001e'], ['x'.repeat(100_000)]]
    for (const [ack, value] of said.entries()) session.send({kind: 'event', event: 'echo', value, ack})
    for (const [ack, value] of said.entries()) {
      const {message} = await session.messages.take(AbortSignal.timeout(5000))
      expect(message).toEqual({kind: 'ack', ack, value})
    }
  })

  test('a heartbeat is answered, so that the session lives on', async () => {
    const server = closing(await videoChatServer({server: {pingInterval: 40, pingTimeout: 40}}))
    const session = await open(server, '/', transports)
    const pings = Promise.withResolvers<undefined>()
    let count = 0
    const [socket] = await server.io.fetchSockets()
    const engine = server.io.sockets.sockets.get(socket?.id ?? '')?.conn
    engine?.on('packet', ({type}: {type: string}) => {
      if (type === 'pong' && ++count === 4) pings.resolve(undefined)
    })
    await pings.promise
    session.send({kind: 'event', event: 'echo', value: ['alive'], ack: 1})
    const {message} = await session.messages.take(AbortSignal.timeout(5000))
    expect(message).toMatchObject({kind: 'ack', value: ['alive']})
  })

  test('the server sees a client that says goodbye', async () => {
    const server = await talkative()
    const reason = new Promise((told) => server.io.on('connection', (socket) => socket.on('disconnect', told)))
    const session = await open(server, '/', transports)
    await session.close()
    expect(await reason).toBe('client namespace disconnect')
  })
})
