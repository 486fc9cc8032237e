import {once} from 'node:events'
import {setImmediate as turn} from 'node:timers/promises'
import type {Socket as ServerSocket} from 'socket.io'
import {describe, expect, test} from 'vitest'
import {PollingSocket, type Carrier} from '../../scenarios/lib/polling-socket.ts'
import {decodePacket, encodePacket} from '../../src/dialect/engineio.ts'
import type {Received, Sent} from '../../src/dialect/message.ts'
import {connectSession, packetOf, receivePacket, type SessionStep} from '../../src/dialect/socketio-session.ts'
import {beginsByPolling} from '../../src/load/polling.ts'
import {closing} from '../fixtures/closing.ts'
import {nodeCarrier} from '../fixtures/node-carrier.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {videoChatServer, type VideoChatServer} from '../fixtures/video-chat-server.ts'

interface Opened {
  readonly socket: PollingSocket<undefined>
  readonly messages: Received[]
  /** Resolve when the namespace was connected, and when the session is on a WebSocket. */
  readonly connected: Promise<unknown>
  readonly moved: Promise<unknown>
  /** The failure that the session ended with. */
  readonly ended: Promise<string>
  readonly send: (message: Extract<Sent, {kind: 'event'}>) => void
}

/** A Socket.IO session on a socket that polls first, spoken as the generator speaks it. */
function open(url: string, carrier: Carrier<undefined> = nodeCarrier()): Opened {
  const address = `${url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
  const socket = closing(new PollingSocket(address, undefined, carrier))
  socket.binaryType = 'arraybuffer'
  const messages: Received[] = []
  const [connected, moved, ended] = [
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<undefined>(),
    Promise.withResolvers<string>(),
  ]
  const write = (frame: string | Uint8Array) => socket.send(typeof frame === 'string' ? frame : frame.slice().buffer)
  let session: SessionStep['session'] | undefined
  const take = (stepped: SessionStep) => {
    session = stepped.session
    for (const output of stepped.outputs) {
      if (output.kind === 'send') write(encodePacket(output.packet))
      else if (output.kind === 'message') messages.push(output.message)
      else if (output.kind === 'connected') connected.resolve(undefined)
      else ended.resolve(output.message)
    }
  }
  socket.onmessage = ({data}) => {
    const packet = decodePacket(typeof data === 'string' ? data : new Uint8Array(data))
    if (session) take(receivePacket(session, packet))
    else if (packet.type === 'open') take(connectSession('/'))
  }
  socket.onopen = () => moved.resolve(undefined)
  socket.onerror = ({code, error}) => ended.resolve(`${code}: ${error}`)
  return {
    socket,
    messages,
    connected: connected.promise,
    moved: moved.promise,
    ended: ended.promise,
    send: (message) => session && write(encodePacket(packetOf(session, message))),
  }
}

const serve = async (
  prepare: (socket: ServerSocket) => unknown = () => {},
  server: object = {},
): Promise<VideoChatServer> =>
  closing(await videoChatServer({server, prepare: (io) => io.on('connection', (socket) => void prepare(socket))}))

describe('a session that begins by polling', () => {
  test('loses nothing of either side while it moves, and keeps the order', async () => {
    const heard: unknown[] = []
    let transport = ''
    const {url} = await serve(async (socket) => {
      socket.on('said', (n: number) => heard.push(n))
      socket.conn.once('upgrade', ({name}: {name: string}) => (transport = name))
      for (let n = 0; socket.conn.transport.name === 'polling' || n % 100 > 0; n++) {
        socket.emit('n', n, n % 10 === 0 ? Buffer.of(n % 256) : null)
        await turn()
      }
      socket.emit('end')
    })
    const {messages, send, connected, moved, socket} = open(url)
    await connected
    let said = 0
    const talking = setInterval(() => send({kind: 'event', event: 'said', value: [said++]}), 1)
    closing({close: () => clearInterval(talking)})
    await moved
    await expect.poll(() => messages.at(-1), {timeout: 20_000}).toMatchObject({event: 'end'})
    clearInterval(talking)
    const numbers = messages.slice(0, -1).map(({value}) => (value as number[])[0])
    expect(numbers).toEqual(Array.from({length: numbers.length}, (_, n) => n))
    expect(messages[10]).toMatchObject({value: [10, 'Cg==']})
    await expect.poll(() => heard.length, {timeout: 20_000}).toBe(said)
    expect(heard).toEqual(Array.from({length: said}, (_, n) => n))
    expect(transport).toBe('websocket')
    expect(socket.readyState).toBe(1)
  })

  test('that is closed on its way ends at the server as well', async () => {
    const {url, io} = await serve()
    // The upgrade never comes: the session stays where it is.
    const opened = open(url, {...nodeCarrier(), dial: () => ({readyState: 0}) as never})
    const [socket] = (await once(io, 'connection')) as [ServerSocket]
    const gone = once(socket, 'disconnect')
    await opened.connected
    opened.socket.close()
    await gone
  })

  test('of a balancer without sticky sessions is told so', async () => {
    const [one, other] = [await serve(), await serve()]
    const carrier = nodeCarrier<undefined>((url) => (url.includes('&sid=') ? url.replace(one.url, other.url) : url))
    await expect(open(one.url, carrier).ended).resolves.toMatch(
      /^session_unknown: another node than the one that opened the session answered: got 400 .*Session ID unknown.*; the load balancer lacks sticky sessions/,
    )
    expect(carrier.statuses).toEqual([400])
  })

  test('that may not move, or cannot, says why', async () => {
    const {url} = await serve(undefined, {allowUpgrades: false})
    await expect(open(url).ended).resolves.toBe('upgrade_failed: the server offers no upgrade to WebSocket')
    const {url: behind, http} = await serve()
    http.removeAllListeners('upgrade').on('upgrade', (_, socket) => socket.end('HTTP/1.1 404 Not Found\r\n\r\n'))
    await expect(open(behind).ended).resolves.toMatch(
      /^upgrade_dropped: polling passes and the upgrade does not: .*404/,
    )
  })

  test.each([
    [200, '<html>', 'not_engineio: expected an Engine.IO payload, got 200 <html>'],
    [429, 'slow down', 'at_limit: expected an Engine.IO payload, got 429 slow down'],
    [503, '', 'http_status: expected an Engine.IO payload, got 503 '],
    [200, '0{}', 'protocol_error: expected an Engine.IO handshake with sid'],
  ])('that is answered %i %s is no session', async (status, body, failure) => {
    const {address} = closing(await serveHttp((_, response) => response.writeHead(status).end(body)))
    await expect(open(address).ended).resolves.toContain(failure)
  })
})

test.each([0, 0.1, 0.5, 0.9, 1])(
  'a share of %d is that of any thousand sessions, and of those of any virtual user',
  (share) => {
    const part = (from: number, step: number) =>
      Array.from({length: 1000}, (_, n) => beginsByPolling(from + n * step, share)).filter(Boolean).length / 1000
    for (const [from, step] of [
      [0, 1],
      [5000, 1],
      [3, 10],
      [7, 50],
    ] as const) {
      expect(part(from, step)).toBeCloseTo(share, 1.5)
    }
  },
)
