import {createServer as createTlsServer} from 'node:https'
import type {RequestListener} from 'node:http'
import type {AddressInfo, Socket} from 'node:net'
import {Server} from 'socket.io'
import {describe, expect, test} from 'vitest'
import type {WebSocket} from 'ws'
import type {AttemptResult} from '../../src/core/result.ts'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {goodChat, slowChat} from '../fixtures/chat-servers.ts'
import {closing} from '../fixtures/closing.ts'
import {tcpFault} from '../fixtures/fault-server.ts'
import {httpProxy} from '../fixtures/http-proxy.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {valuesOf} from '../fixtures/values-of.ts'
import {videoChatServer, type VideoChatOptions} from '../fixtures/video-chat-server.ts'
import {describeProbeConformance, SLOW_MS} from './conformance.ts'

const {socketio} = probes

// Each serves until the end of the test.
const serve = async (options?: VideoChatOptions) => closing(await videoChatServer(options)).url
const serveAnswer = async (listener: RequestListener) => closing(await serveHttp(listener)).address
const serveFrames = async (talk: (socket: WebSocket) => void) => closing(await serveWebSocket(talk)).address
const proxy = async (to: readonly string[], options: {sticky?: boolean; upgrades?: boolean} = {}) =>
  closing(await httpProxy({to: to.map((url) => Number(new URL(url).port)), ...options})).url

const attempt = (url: string, options: Readonly<Record<string, unknown>> = {}) =>
  attemptOn(socketio, {address: url, options})

function expectFailure(result: AttemptResult, failure: {code: string; phase?: string; message?: RegExp}): void {
  expect(result.ok ? 'passed' : result.failure).toMatchObject({
    code: failure.code,
    ...(failure.phase && {phase: failure.phase}),
    ...(failure.message && {message: expect.stringMatching(failure.message) as unknown}),
  })
  expect(valuesOf(result, 'socketio_handshake')).toEqual([null])
}

const states = (result: AttemptResult) => Object.fromEntries(result.phases.map(({name, state}) => [name, state]))

describeProbeConformance({
  probe: socketio,
  address: (port) => `http://127.0.0.1:${port}`,
  good: goodChat,
  slow: () => slowChat(SLOW_MS),
})

describe('a handshake', () => {
  const echo = {event: 'echo', args: [{deep: [1, 'two']}], ack: {where: {'$[0].deep[1]': 'two'}}}

  test.each([
    {transports: ['websocket'], transport: 'websocket', upgrade: 'skipped'},
    {transports: ['polling', 'websocket'], transport: 'websocket', upgrade: 'done'},
    {transports: ['polling'], transport: 'polling', upgrade: 'skipped'},
  ])('over $transports ends on $transport, and is acknowledged', async ({transports, transport, upgrade}) => {
    const result = await attempt(await serve(), {transports, emit: echo})
    expect(result).toMatchObject({ok: true, facts: {transport}})
    expect(states(result)).toMatchObject({open: 'done', upgrade, namespace: 'done', ack: 'done'})
    expect(valuesOf(result, 'socketio_handshake')).toEqual([expect.any(Number)])
  })

  test('passes by the official client as well', async () => {
    const result = await attempt(await serve(), {client: 'official', emit: echo})
    expect(result).toMatchObject({ok: true, facts: {transport: 'websocket'}})
    expect(states(result)).toMatchObject({connect: 'skipped', open: 'done', namespace: 'skipped', ack: 'done'})
  })

  test('by the official client refuses what that client would ignore', async () => {
    const result = await attempt(await serve(), {client: 'official', servername: 'chat.example.org'})
    const message = 'the official client cannot be held to a server name'
    expect(result).toMatchObject({ok: false, failure: {code: 'unsupported', message}, events: []})
  })

  test('by the official client tells the cause, too, where it fails', async () => {
    const closed = await tcpFault(() => {})
    await closed.close()
    const official = {client: 'official'}
    expectFailure(await attempt(`http://127.0.0.1:${closed.port}`, official), {code: 'refused'})
    const url = await serveAnswer((_, response) => response.writeHead(502).end())
    expectFailure(await attempt(url, official), {code: 'connect_error', message: /Unexpected server response: 502/})
  })

  test('over polling leaves no connection behind that is still being made', async () => {
    const certificate = await makeCertificate()
    const held: Socket[] = []
    const tls = createTlsServer({cert: certificate.cert, key: certificate.key}, (request, response) => {
      response.setHeader('connection', 'close')
      if (request.method === 'POST') response.end('ok')
      else if (!request.url?.includes('sid='))
        response.end('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":5000}')
      else if (polls++ === 0) response.end('40{"sid":"b"}')
    })
    let polls = 0
    // The handshake takes four connections; the one for the goodbye is accepted, and nothing more.
    const front = closing(
      await tcpFault((socket) => {
        if (connections++ < 4) tls.emit('connection', socket)
        else held.push(socket)
      }),
    )
    let connections = 0
    const options = {ca: certificate.ca, transports: ['polling']}
    expect(await attempt(`https://127.0.0.1:${front.port}`, options)).toMatchObject({ok: true})
    expect(held.length).toBeGreaterThan(0)
    for (const socket of held) socket.resume()
    await expect.poll(() => held.every(({readableEnded, destroyed}) => readableEnded || destroyed)).toBe(true)
  })

  test('over TLS is timed apart and verified against the given authority', async () => {
    const certificate = await makeCertificate()
    const https = createTlsServer({cert: certificate.cert, key: certificate.key})
    const io = new Server(https)
    await new Promise<void>((listening) => https.listen(0, '127.0.0.1', listening))
    closing(io)
    const url = `https://127.0.0.1:${(https.address() as AddressInfo).port}`
    const result = await attempt(url, {ca: certificate.ca, transports: ['polling', 'websocket']})
    expect(result.ok ? undefined : result.failure).toBeUndefined()
    expect(states(result)).toMatchObject({tls: 'done', upgrade: 'done'})
    expectFailure(await attempt(url), {code: 'tls_untrusted', phase: 'tls'})
  })

  test('stays on polling where the server offers no upgrade, and says so', async () => {
    const url = await serve({server: {transports: ['polling']}})
    const result = await attempt(url, {transports: ['polling', 'websocket']})
    expect(result).toMatchObject({ok: true, facts: {transport: 'polling'}})
    expect(result.phases.find(({name}) => name === 'upgrade')).toMatchObject({why: 'the server offers no upgrade'})
  })

  test('connects a namespace with an auth payload', async () => {
    const url = await serve({
      prepare: (io) =>
        io.of('/admin').use((socket, next) => {
          next(socket.handshake.auth.token === 'right' ? undefined : refusal())
        }),
    })
    expect(await attempt(url, {namespace: '/admin', payload: {token: 'right'}})).toMatchObject({ok: true})
    expectFailure(await attempt(url, {namespace: '/admin', payload: {token: 'wrong'}}), {
      code: 'connect_error',
      phase: 'namespace',
      message: /no entry.*"retryAfter":30/,
    })
  })

  test.each(['own', 'official'])('finds the server at a path without its last slash (%s)', async (client) => {
    const url = await serve()
    expect(await attempt(url, {client, path: '/socket.io'})).toMatchObject({ok: true})
    expect(await attempt(`${url}/socket.io`, {client})).toMatchObject({ok: true})
  })

  test('takes the transport of its dialect, fresh ids included, where it says nothing itself', async () => {
    const seen: Record<string, unknown>[] = []
    const url = await serve({
      server: {path: '/rtc/'},
      prepare: (io) => io.of('/chat').on('connection', ({handshake: {auth, query}}) => seen.push({...auth, ...query})),
    })
    const dialect = {
      transport: {kind: 'socket.io', path: '/rtc/', namespace: '/chat', auth: {user: '{user}'}, query: {of: '{side}'}},
      ids: {user: {prefix: 'probe-'}},
      roundTrip: {kind: 'ack', send: {event: 'echo'}},
    }
    expect(await attempt(url, {dialect})).toMatchObject({ok: true})
    expect(seen).toMatchObject([{user: expect.stringMatching(/^probe-\w{12}$/) as unknown, of: 'a'}])
    expectFailure(await attempt(url, {dialect, namespace: '/elsewhere'}), {code: 'namespace_invalid'})
    await expect(attempt(url, {dialect: {...dialect, transport: {kind: 'ws'}}})).rejects.toThrow(
      /make it a websocket check/,
    )
  })

  const refusal = () => Object.assign(new Error('no entry'), {data: {retryAfter: 30}})
})

describe('the cause of a failed handshake is named', () => {
  test('a namespace that does not exist', async () => {
    expectFailure(await attempt(await serve(), {namespace: '/nowhere'}), {
      code: 'namespace_invalid',
      message: /no namespace \/nowhere/,
    })
  })

  test.each([{transports: ['websocket']}, {transports: ['polling']}])(
    'a wrong path over $transports',
    async (options) => {
      const result = await attempt(await serve(), {...options, path: '/elsewhere/'})
      expectFailure(result, {code: 'not_engineio', phase: 'open', message: /404 Not Found.*no such page/})
    },
  )

  test.each([{transports: ['websocket']}, {transports: ['polling']}])(
    'a web page over $transports',
    async (options) => {
      const url = await serveAnswer((_, response) => response.end('<!doctype html><title>Welcome</title>'))
      expectFailure(await attempt(url, options), {code: 'not_engineio', message: /200 OK.*<!doctype html>/})
    },
  )

  test('a transport that the server does not offer', async () => {
    const url = await serve({server: {transports: ['polling']}})
    expectFailure(await attempt(url), {code: 'transport_refused', phase: 'open', message: /400.*Transport unknown/})
  })

  test.each([['websocket'], ['polling']])('Engine.IO 3 that refuses revision 4 over %s', async (transport) => {
    const body = '{"code":5,"message":"Unsupported protocol version"}'
    const url = await serveAnswer((_, response) => response.writeHead(400).end(body))
    expectFailure(await attempt(url, {transports: [transport]}), {code: 'engineio_version', message: /400 Bad Request/})
  })

  test('Engine.IO 3 that answers in its own framing', async () => {
    const url = await serveAnswer((_, response) => response.end('30:0{"sid":"a","pingTimeout":5000}2:40'))
    expectFailure(await attempt(url, {transports: ['polling']}), {code: 'engineio_version', message: /Engine\.IO 3/})
  })

  test('Socket.IO 2, which connects the default namespace unasked', async () => {
    const url = await serveFrames((socket) => {
      socket.send('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":5000}')
      socket.send('40')
    })
    expectFailure(await attempt(url), {code: 'engineio_version', phase: 'namespace'})
  })

  test('a load balancer without sticky sessions', async () => {
    const url = await proxy([await serve(), await serve()])
    const result = await attempt(url, {transports: ['polling', 'websocket']})
    expectFailure(result, {code: 'session_unknown', message: /another node.*400.*Session ID unknown/})
    expect(result.ok ? '' : result.failure.hint).toMatch(/sticky/)
  })

  test('and not that, where a cookie keeps the client on its node', async () => {
    const url = await proxy([await serve(), await serve()], {sticky: true})
    expect(await attempt(url, {transports: ['polling', 'websocket']})).toMatchObject({ok: true})
  })

  test.each([
    {transports: ['websocket'], phase: 'open'},
    {transports: ['polling', 'websocket'], phase: 'upgrade'},
  ])('a proxy that drops the upgrade, over $transports', async ({transports, phase}) => {
    const url = await proxy([await serve()], {upgrades: false})
    expectFailure(await attempt(url, {transports}), {
      code: 'upgrade_dropped',
      phase,
      message: /saw no WebSocket upgrade/,
    })
  })

  test('a proxy whose back end is down', async () => {
    const url = await serveAnswer((_, response) => response.writeHead(502, {server: 'nginx'}).end('<h1>502</h1>'))
    expectFailure(await attempt(url), {code: 'backend_down', message: /502 Bad Gateway from nginx with "<h1>502/})
    expectFailure(await attempt(url, {transports: ['polling']}), {code: 'backend_down', message: /502/})
  })

  test('a server that hangs up instead of connecting the namespace', async () => {
    const url = await serveFrames((socket) => {
      socket.send('0{"sid":"a","upgrades":[],"pingInterval":25000,"pingTimeout":5000}')
      socket.on('message', () => socket.close(1008, 'policy'))
    })
    expectFailure(await attempt(url), {code: 'closed_early', phase: 'namespace', message: /1008 "policy"/})
  })

  test('a 101 that answers another handshake than ours', async () => {
    const answer = 'HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: no\r\n\r\n'
    const server = closing(await tcpFault((socket) => socket.once('data', () => socket.write(answer))))
    expectFailure(await attempt(`http://127.0.0.1:${server.port}`), {code: 'upgrade_invalid', phase: 'open'})
  })

  test('a 101 to a poll', async () => {
    const answer = 'HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
    const server = closing(await tcpFault((socket) => socket.once('data', () => socket.write(answer))))
    const result = await attempt(`http://127.0.0.1:${server.port}`, {transports: ['polling']})
    expectFailure(result, {code: 'protocol_error', phase: 'open', message: /got 101/})
  })

  test('a heartbeat that no timer can wait for is no reason to give up', async () => {
    const url = await serveAnswer((request, response) => {
      const open = '0{"sid":"a","upgrades":[],"pingInterval":1e12,"pingTimeout":5000}'
      if (request.method === 'POST') response.end('ok')
      else if (!request.url?.includes('sid=')) response.end(open)
      else setTimeout(() => response.end('40{"sid":"b"}'), 20)
    })
    expect(await attempt(url, {transports: ['polling']})).toMatchObject({ok: true})
  })

  test('a reason of any length, by its beginning', async () => {
    const url = await serve({prepare: (io) => io.use((_, next) => next(new Error(`no ${'x'.repeat(10_000)}`)))})
    const result = await attempt(url)
    expectFailure(result, {code: 'connect_error', message: /no xxx.*…/})
    expect(result.ok ? '' : result.failure.message.length).toBeLessThan(400)
  })

  test('a 101 without an Upgrade header', async () => {
    const server = closing(
      await tcpFault((socket) => socket.once('data', () => socket.write('HTTP/1.1 101 Yes\r\n\r\n'))),
    )
    expectFailure(await attempt(`http://127.0.0.1:${server.port}`), {code: 'upgrade_invalid', phase: 'open'})
  })

  test('packets of no protocol', async () => {
    const url = await serveFrames((socket) => socket.send('hello'))
    expectFailure(await attempt(url), {code: 'not_engineio', phase: 'open', message: /Engine\.IO packet.*hello/})
  })

  test('an event that nobody acknowledges, with what came instead', async () => {
    const url = await serve({prepare: (io) => io.on('connection', (socket) => socket.emit('welcome', 'you'))})
    const result = await attempt(url, {emit: {event: 'unheard', within: 100}})
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: 'expectation_unmet',
        phase: 'ack',
        message: 'expected an acknowledgement of "unheard" within 100 ms, got "welcome" ["you"]',
      },
    })
    expect(valuesOf(result, 'socketio_handshake')).toEqual([expect.any(Number)])
  })

  test('an acknowledgement that says no', async () => {
    const emit = {event: 'echo', args: [{ok: false}], ack: {where: {'$[0].ok': true}}}
    expect(await attempt(await serve(), {emit})).toMatchObject({
      failure: {
        code: 'expectation_unmet',
        message: expect.stringMatching(/\$\[0\]\.ok = true, got ack 0 \[\{"ok":false/) as unknown,
      },
    })
  })
})
