import {setTimeout as delay} from 'node:timers/promises'
import {describe, expect, test} from 'vitest'
import type {AttemptResult} from '../../src/core/result.ts'
import {probes} from '../../src/probes/index.ts'
import {closing} from '../fixtures/closing.ts'
import {garbageTcp, tcpFault} from '../fixtures/fault-server.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {describeProbeConformance, SLOW_MS} from './conformance.ts'

const {http} = probes

describeProbeConformance({
  probe: http,
  options: {expect: {body: 'fine'}},
  address: (port) => `http://127.0.0.1:${port}/health`,
  good: () => serveHttp((_request, response) => response.end('all fine')),
  slow: () =>
    serveHttp((_request, response) => {
      setTimeout(() => response.end('all fine'), SLOW_MS)
    }),
  faults: {
    reset: {
      codes: ['reset'],
      serve: () =>
        tcpFault((socket) =>
          socket.once('data', () => {
            socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nall fi', () => socket.resetAndDestroy())
          }),
        ),
    },
  },
})

describe('an HTTP attempt', () => {
  test('tells status, sizes, server and clock as facts', async () => {
    const server = closing(
      await serveHttp((_request, response) => {
        response.setHeader('Server', 'fixture/1').setHeader('Content-Length', 2).end('ok')
      }),
    )
    const {facts, ok} = await attemptOn(http, {address: server.address})
    expect(ok).toBe(true)
    expect(facts).toMatchObject({
      ip: '127.0.0.1',
      ip_protocol: 4,
      http_status: 200,
      http_version: '1.1',
      server: 'fixture/1',
      content_length: 2,
      body_bytes: 2,
    })
    expect(Math.abs(Number(facts.clock_skew_ms))).toBeLessThan(2000)
  })

  test('finds a server whose clock is an hour ahead', async () => {
    const server = closing(
      await serveHttp((_request, response) => {
        response.setHeader('Date', new Date(Date.now() + 3_600_000).toUTCString()).end()
      }),
    )
    const {facts} = await attemptOn(http, {address: server.address})
    expect(Number(facts.clock_skew_ms)).toBeGreaterThan(3_597_000)
    expect(Number(facts.clock_skew_ms)).toBeLessThan(3_603_000)
  })

  test('splits the time into waiting for the answer and reading it', async () => {
    const server = closing(
      await serveHttp((_request, response) => {
        void (async () => {
          await delay(60)
          response.write('half')
          await delay(120)
          response.end('half')
        })()
      }),
    )
    const ms = phasesOf(await attemptOn(http, {address: server.address}))
    expect(ms.processing).toBeGreaterThan(55)
    expect(ms.transfer).toBeGreaterThan(115)
    expect(ms.tls).toBe(0)
  })

  test('speaks IPv6', async () => {
    const server = closing(await serveHttp((_request, response) => response.end(), {host: '::1'}))
    expect(await attemptOn(http, {address: server.address})).toMatchObject({
      ok: true,
      facts: {ip: '::1', ip_protocol: 6},
    })
  })

  test('keeps IPv4 and IPv6 apart', async () => {
    const server = closing(await serveHttp((_request, response) => response.end()))
    const six = closing(await serveHttp((_request, response) => response.end(), {host: '::1'}))
    expect(await attemptOn(http, {address: `http://localhost:${server.port}`, family: 4})).toMatchObject({ok: true})
    expect(await attemptOn(http, {address: six.address, family: 6})).toMatchObject({ok: true})
    expect(await attemptOn(http, {address: six.address, family: 4})).toMatchObject({
      failure: {code: 'unsupported', phase: 'resolve', message: '::1 is not an IPv4 address'},
    })
  })

  test('takes a ws: address for the http: one of the same host', async () => {
    const server = closing(await serveHttp((_request, response) => response.end()))
    expect(await attemptOn(http, {address: server.address.replace('http', 'ws')})).toMatchObject({ok: true})
  })

  test('sends method, path, query, headers, credentials and body', async () => {
    const server = closing(
      await serveHttp((request, response) => {
        request.setEncoding('utf8').once('data', (body: string) => {
          response.end(JSON.stringify({method: request.method, url: request.url, headers: request.headers, body}))
        })
      }),
    )
    const result = await attemptOn(http, {
      address: `${server.address}/api?tenant=a`,
      options: {
        method: 'POST',
        path: '/rooms?limit=1',
        headers: {'X-Team': 'chat'},
        auth: {basic: {username: 'prober', password: 'wonder'}},
        body: '{"name":"x"}',
        expect: {
          json: {
            '$.method': 'POST',
            '$.url': '/api/rooms?tenant=a&limit=1',
            '$.headers.x-team': 'chat',
            '$.headers.authorization': `Basic ${Buffer.from('prober:wonder').toString('base64')}`,
            '$.headers.content-length': '12',
            '$.body': '{"name":"x"}',
          },
        },
      },
    })
    expect(result.ok ? undefined : result.failure).toBeUndefined()
  })

  test('never shows its credentials, even where the server echoes them', async () => {
    const server = closing(
      await serveHttp((request, response) => response.writeHead(401).end(`no: ${request.headers.authorization}`)),
    )
    const basic = {auth: {basic: {username: 'prober', password: 'wonderland'}}}
    const result = JSON.stringify(
      await attemptOn(http, {address: server.address, options: basic, secrets: ['wonderland']}),
    )
    expect(result).toContain('no: Basic [redacted]')
    const bearer = {auth: {bearer: 'tok-12345'}}
    expect(
      JSON.stringify(await attemptOn(http, {address: server.address, options: bearer, secrets: ['tok-12345']})),
    ).toContain('no: Bearer [redacted]')
  })
})

function phasesOf({phases}: AttemptResult): Readonly<Record<string, number>> {
  return Object.fromEntries(phases.map(({name, ms}) => [name, ms]))
}

describe('an unmet expectation', () => {
  const answer = {
    status: 503,
    headers: {'content-type': 'application/json', 'x-node': 'b'},
    body: '{"status":"DOWN","nodes":[{"up":true},{"up":false}],"note":"no\\u0007bell"}',
  }
  test.each<{title: string; expected: object; code: string; phase: string; message: string; hint?: string}>([
    {
      title: 'of the status shows it and how the body begins',
      expected: {},
      code: 'http_status',
      phase: 'processing',
      message: 'expected status 2xx, got 503 Service Unavailable',
      hint: `the body begins: ${answer.body}`,
    },
    {
      title: 'of several statuses names them all',
      expected: {status: [200, '3xx']},
      code: 'http_status',
      phase: 'processing',
      message: 'expected status 200 or 3xx, got 503 Service Unavailable',
    },
    {
      title: 'of a header shows its value',
      expected: {status: [503], headers: {'X-Node': '^a$'}},
      code: 'http_header',
      phase: 'processing',
      message: 'expected header X-Node to match "^a$", got "b"',
    },
    {
      title: 'of a header that is absent says so',
      expected: {status: ['5xx'], headers: {'X-Zone': '.'}},
      code: 'http_header',
      phase: 'processing',
      message: 'expected header X-Zone to match ".", got no such header',
    },
    {
      title: 'of the body shows how it begins',
      expected: {status: [503], body: '"status":"OK"'},
      code: 'http_body',
      phase: 'transfer',
      message: `expected a body that matches ""status":"OK"", got "${answer.body}"`,
    },
    {
      title: 'of a JSON value shows both',
      expected: {status: [503], json: {'$.nodes[0].up': true, '$.status': 'OK'}},
      code: 'http_body',
      phase: 'transfer',
      message: 'expected $.status to be "OK", got "DOWN"',
    },
    {
      title: 'of a JSON value that is not there says so',
      expected: {status: [503], json: {'$.nodes[2].up': true}},
      code: 'http_body',
      phase: 'transfer',
      message: 'expected $.nodes[2].up to be true, got nothing there',
    },
  ])('$title', async ({expected, code, phase, message, hint}) => {
    const server = closing(
      await serveHttp((_request, response) => response.writeHead(answer.status, answer.headers).end(answer.body)),
    )
    const result = await attemptOn(http, {address: server.address, options: {expect: expected}})
    expect(result).toMatchObject({ok: false, failure: {code, phase, message, ...(hint && {hint})}})
  })

  test('JSON values are compared as a whole, whatever the order of members', async () => {
    const server = closing(await serveHttp((_request, response) => response.end('{"a":{"b":1,"c":[1,2]}}')))
    const expecting = (value: unknown) =>
      attemptOn(http, {address: server.address, options: {expect: {json: {'$.a': value}}}})
    expect(await expecting({c: [1, 2], b: 1})).toMatchObject({ok: true})
    expect(await expecting({b: 1})).toMatchObject({ok: false})
    expect(await expecting({b: 1, c: [2, 1]})).toMatchObject({ok: false})
    expect(await expecting({b: '1', c: [1, 2]})).toMatchObject({ok: false})
  })

  test('a body that is no JSON is named as that', async () => {
    const server = closing(await serveHttp((_request, response) => response.end('<html>\n  gateway</html>')))
    expect(await attemptOn(http, {address: server.address, options: {expect: {json: {'$.a': 1}}}})).toMatchObject({
      failure: {code: 'http_body', message: 'expected a JSON body, got "<html> gateway</html>"'},
    })
  })
})

describe('a server that answers oddly', () => {
  test('with a body that never ends is cut off at the limit', async () => {
    const server = closing(
      await serveHttp((_request, response) => {
        const fill = () => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536, 'x')));
        }
        response.on('drain', fill)
        fill()
      }),
    )
    const result = await attemptOn(http, {address: server.address, options: {maxBodyBytes: 200_000}})
    expect(result).toMatchObject({
      failure: {
        code: 'http_too_large',
        phase: 'transfer',
        message: 'expected a body of at most 200000 bytes, got more',
      },
    })
  })

  test('with a trickle is ended by the deadline', async () => {
    const server = closing(
      await serveHttp((_request, response) => {
        const drip = setInterval(() => response.write('.'), 20)
        response.on('close', () => clearInterval(drip))
      }),
    )
    const result = await attemptOn(http, {address: server.address, timeoutMs: 1500})
    expect(result).toMatchObject({failure: {code: 'timeout', phase: 'transfer', message: 'no answer within 1500 ms'}})
    expect(result.totalMs).toBeLessThan(4500)
  })

  test('with half a body and a hang-up is a closed connection', async () => {
    const server = closing(
      await tcpFault((socket) =>
        socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf')),
      ),
    )
    expect(await attemptOn(http, {address: `http://127.0.0.1:${server.port}`})).toMatchObject({
      failure: {code: 'closed', phase: 'transfer'},
    })
  })

  test('with a switch of protocols that nobody asked for is named at once', async () => {
    const answer = 'HTTP/1.1 101 Yes\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n'
    const server = closing(await tcpFault((socket) => socket.once('data', () => socket.write(answer))))
    expect(await attemptOn(http, {address: `http://127.0.0.1:${server.port}`})).toMatchObject({
      failure: {code: 'protocol_error', phase: 'processing', message: expect.stringMatching(/got 101/) as unknown},
    })
  })

  test('with nothing but a hang-up is a closed connection', async () => {
    const server = closing(await tcpFault((socket) => socket.once('data', () => socket.end())))
    expect(await attemptOn(http, {address: `http://127.0.0.1:${server.port}`})).toMatchObject({
      failure: {
        code: 'closed',
        phase: 'processing',
        message: 'the server closed the connection before its answer was complete',
      },
    })
  })

  test('with garbage is shown the beginning of it', async () => {
    const server = closing(await garbageTcp())
    const result = await attemptOn(http, {address: `http://127.0.0.1:${server.port}`})
    expect(result).toMatchObject({failure: {code: 'not_http', phase: 'processing'}})
    expect(result.ok || result.failure.message).toMatch(/^expected an HTTP answer, got ".*this is no protocol at all"/)
  })

  test('with headers without end is cut off', async () => {
    const server = closing(
      await tcpFault((socket) =>
        socket.once('data', () => socket.write(`HTTP/1.1 200 OK\r\nX-Long: ${'x'.repeat(20_000)}\r\n`)),
      ),
    )
    expect(await attemptOn(http, {address: `http://127.0.0.1:${server.port}`})).toMatchObject({
      failure: {code: 'http_too_large'},
    })
  })
})
