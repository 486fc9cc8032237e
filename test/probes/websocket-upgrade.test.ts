import {createHash} from 'node:crypto'
import {once} from 'node:events'
import {request} from 'node:http'
import type {AddressInfo} from 'node:net'
import {describe, expect, test} from 'vitest'
import {WebSocketServer} from 'ws'
import {probes} from '../../src/probes/index.ts'
import {closing} from '../fixtures/closing.ts'
import {tcpFault} from '../fixtures/fault-server.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'

const {websocket} = probes

/** A server that answers every upgrade with these bytes, and holds the connection. */
async function answering(bytes: string | ((key: string) => string)): Promise<string> {
  const server = closing(
    await tcpFault((socket) =>
      socket.once('data', (request) => {
        const key = /sec-websocket-key: (\S+)/i.exec(request.toString('latin1'))?.[1] ?? ''
        socket.write(typeof bytes === 'string' ? bytes : bytes(key))
      }),
    ),
  )
  return `ws://127.0.0.1:${server.port}/ws`
}

const lines = (...all: string[]) => `${all.join('\r\n')}\r\n\r\n`
const accept = (key: string) => createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')

describe('a refused upgrade', () => {
  test.each<{title: string; status: number; headers?: Record<string, string>; body?: string; failure: object}>([
    {
      title: 'shows status, reason and the first bytes of the body',
      status: 403,
      body: 'not for you\n',
      failure: {
        code: 'forbidden',
        message: 'expected 101 Switching Protocols, got 403 Forbidden with "not for you"',
        hint: 'not for these credentials, this address or this `origin`',
      },
    },
    {
      title: 'without a body shows the status alone',
      status: 404,
      failure: {
        code: 'upgrade_refused',
        message: 'expected 101 Switching Protocols, got 404 Not Found',
        hint: 'check the path',
      },
    },
    {
      title: 'by a redirect names where to',
      status: 301,
      headers: {location: 'https://a.test/ws?key=abc'},
      failure: {
        code: 'http_redirect',
        message: 'expected 101 Switching Protocols, got 301 Moved Permanently',
        hint: 'it redirects to https://a.test/ws?key=…: name that address, or follow with `redirects`',
      },
    },
    {
      title: 'for the sake of the version is not taken for a dropped one',
      status: 426,
      headers: {'sec-websocket-version': '8, 7'},
      failure: {
        code: 'upgrade_refused',
        message: 'expected 101 Switching Protocols, got 426 Upgrade Required',
      },
    },
    {
      title: 'for the sake of a parameter is not taken for a dropped one',
      status: 400,
      body: 'room is missing',
      failure: {
        code: 'upgrade_refused',
        message: 'expected 101 Switching Protocols, got 400 Bad Request with "room is missing"',
      },
    },
  ])('$title', async ({status, headers = {}, body = '', failure}) => {
    const server = closing(
      await serveWebSocket(() => {}, {
        upgrade(_request, socket) {
          const reasons: Record<number, string> = {
            301: 'Moved Permanently',
            400: 'Bad Request',
            403: 'Forbidden',
            404: 'Not Found',
            426: 'Upgrade Required',
          }
          const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
          const head = lines(`HTTP/1.1 ${status} ${reasons[status]}`, ...fields, `Content-Length: ${body.length}`)
          socket.end(head + body)
        },
      }),
    )
    const result = await attemptOn(websocket, {address: `${server.address}/ws`})
    expect(result).toMatchObject({
      ok: false,
      facts: {upgraded: false, http_status: status},
      failure: {phase: 'upgrade', ...failure},
    })
    expect(result.events.slice(0, 2)).toEqual([
      {indicator: 'websocket_handshake', ok: false},
      {indicator: 'ws_ping', ok: false},
    ])
  })

  test('whose body never ends is told in time', async () => {
    const address = await answering(lines('HTTP/1.1 503 Service Unavailable', 'Content-Length: 1000') + 'drained')
    const result = await attemptOn(websocket, {address})
    expect(result).toMatchObject({
      failure: {
        code: 'backend_down',
        message: expect.stringMatching(/got 503 Service Unavailable with "drained"$/) as unknown,
      },
    })
    expect(result.totalMs).toBeLessThan(3000)
  })
})

describe('a dropped Upgrade header', () => {
  test('is named, with who answered', async () => {
    const server = closing(
      await serveHttp(({url}, response) => {
        response.setHeader('Server', 'nginx/1.22.1').end(url === '/' ? '<html><title>chat</title></html>' : 'not here')
      }),
    )
    const result = await attemptOn(websocket, {address: server.address})
    expect(result).toMatchObject({
      facts: {http_status: 200, server: 'nginx/1.22.1', upgraded: false},
      failure: {
        code: 'upgrade_dropped',
        phase: 'upgrade',
        message: expect.stringMatching(/got 200 OK from nginx\/1\.22\.1 with "<html><title>chat<\/title>/) as unknown,
      },
    })
    expect(result.ok || result.failure.hint).toMatch(/a proxy on the way drops the Upgrade header.*nginx\/1\.22\.1/)
  })

  test('by a reverse proxy is found in front of a server that would have upgraded', async () => {
    const server = closing(new WebSocketServer({port: 0, host: '127.0.0.1'}))
    await once(server, 'listening')
    const {port} = server.address() as AddressInfo
    const proxy = closing(
      await serveHttp((incoming, outgoing) => {
        const hopByHop = ['upgrade', 'connection'] // RFC 9110, section 7.6.1
        const kept = Object.entries(incoming.headers).filter(([name]) => !hopByHop.includes(name))
        const headers = Object.fromEntries(kept)
        request({port, host: '127.0.0.1', path: incoming.url, headers}, (answer) => {
          outgoing.writeHead(answer.statusCode ?? 502, {...answer.headers, via: '1.1 edge'})
          answer.pipe(outgoing)
        }).end()
      }),
    )
    expect(await attemptOn(websocket, {address: `ws://127.0.0.1:${port}`})).toMatchObject({ok: true})
    const result = await attemptOn(websocket, {address: proxy.address})
    expect(result).toMatchObject({failure: {code: 'upgrade_dropped', phase: 'upgrade'}})
    expect(result.ok || result.failure.hint).toMatch(/answered by 1\.1 edge$/)
  })

  test.each([
    [426, 'Upgrade Required'],
    [
      400,
      'websocket: the client is not using the websocket protocol: "upgrade" token not found in "Connection" header',
    ],
    [400, 'Can "Upgrade" only to "WebSocket".'],
    [400, '{"code":3,"message":"Bad request"}'],
  ])('is seen in a server that answers %i %s', async (status, body) => {
    const server = closing(await serveHttp((_request, response) => response.writeHead(status).end(body)))
    expect(await attemptOn(websocket, {address: server.address})).toMatchObject({failure: {code: 'upgrade_dropped'}})
  })
})

describe('an invalid answer to the upgrade', () => {
  const upgraded = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade']
  test.each<{title: string; answer: string | ((key: string) => string); message: RegExp}>([
    {
      title: 'with a wrong Sec-WebSocket-Accept',
      answer: lines(...upgraded, 'Sec-WebSocket-Accept: nonsense'),
      message: /got 101 but: Invalid Sec-WebSocket-Accept header$/,
    },
    {
      title: 'with the accept of another key',
      answer: () => lines(...upgraded, `Sec-WebSocket-Accept: ${accept('another')}`),
      message: /got 101 but: Invalid Sec-WebSocket-Accept header$/,
    },
    {
      title: 'to another protocol',
      answer: (key) =>
        lines('HTTP/1.1 101 OK', 'Upgrade: h2c', 'Connection: Upgrade', `Sec-WebSocket-Accept: ${accept(key)}`),
      message: /got 101 but: Invalid Upgrade header$/,
    },
    {
      title: 'without an Upgrade header',
      answer: (key) => lines('HTTP/1.1 101 Switching Protocols', `Sec-WebSocket-Accept: ${accept(key)}`),
      message: /Upgrade/,
    },
    {
      title: 'with an extension that was not offered',
      answer: (key) =>
        lines(...upgraded, `Sec-WebSocket-Accept: ${accept(key)}`, 'Sec-WebSocket-Extensions: permessage-deflate'),
      message: /no extension was requested$/,
    },
  ])('$title is named as that', async ({answer, message}) => {
    const result = await attemptOn(websocket, {address: await answering(answer), timeoutMs: 2000})
    expect(result).toMatchObject({failure: {code: 'upgrade_invalid', phase: 'upgrade'}})
    expect(result.ok || result.failure.message).toMatch(message)
  })

  test('with a hang-up is a closed connection', async () => {
    const server = closing(await tcpFault((socket) => socket.once('data', () => socket.end())))
    expect(await attemptOn(websocket, {address: `ws://127.0.0.1:${server.port}`})).toMatchObject({
      failure: {code: 'closed', phase: 'upgrade'},
    })
  })
})

test('a handshake that trickles in is ended by the deadline', async () => {
  const server = closing(
    await tcpFault((socket) =>
      socket.once('data', () => {
        const drip = setInterval(() => socket.write('H'), 20)
        socket.once('close', () => clearInterval(drip))
      }),
    ),
  )
  const result = await attemptOn(websocket, {address: `ws://127.0.0.1:${server.port}`, timeoutMs: 1000})
  expect(['timeout', 'not_http']).toContain(result.ok || result.failure.code)
  expect(result.totalMs).toBeLessThan(4500)
})
