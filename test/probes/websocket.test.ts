import {describe, expect, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {websocketOptions} from '../../src/probes/websocket/options.ts'
import {closing} from '../fixtures/closing.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {describeProbeConformance, SLOW_MS} from './conformance.ts'

const {websocket} = probes

describeProbeConformance({
  probe: websocket,
  options: {messages: [{send: 'hello'}, {expect: '^echo hello$'}], ping: 2},
  address: (port) => `ws://127.0.0.1:${port}/ws`,
  good: () =>
    serveWebSocket((socket) => {
      socket.on('message', (data: Buffer) => socket.send(`echo ${data.toString()}`))
    }),
  slow: () =>
    serveWebSocket(
      (socket) => {
        socket.on('message', (data: Buffer) => void setTimeout(() => socket.send(`echo ${data.toString()}`), SLOW_MS))
      },
      {upgrade: (_request, _socket, accept) => void setTimeout(accept, SLOW_MS)},
    ),
})

describe('a WebSocket attempt', () => {
  test('delivers the handshake and each ping as an event with its time', async () => {
    const server = closing(await serveWebSocket())
    const result = await attemptOn(websocket, {address: server.address, options: {ping: 3}})
    expect(result).toMatchObject({
      ok: true,
      facts: {upgraded: true, http_status: 101, ws_pings_lost: 0, ws_closed_cleanly: true},
    })
    const [handshake, ...pings] = result.events
    expect(handshake).toMatchObject({indicator: 'websocket_handshake', ok: true})
    const before = result.phases.slice(0, 4).reduce((sum, {ms}) => sum + ms, 0)
    expect(Math.abs((handshake?.value ?? 0) - before)).toBeLessThan(500)
    expect(pings.slice(0, 3)).toHaveLength(3)
    for (const ping of pings.slice(0, 3)) {
      expect(ping).toMatchObject({indicator: 'ws_ping', ok: true})
      expect(ping.value).toBeGreaterThan(0)
    }
  })

  test('says goodbye with 1000', async () => {
    const code = Promise.withResolvers<number>()
    const server = closing(await serveWebSocket((socket) => socket.once('close', code.resolve)))
    await attemptOn(websocket, {address: server.address})
    expect(await code.promise).toBe(1000)
  })

  test('speaks IPv6', async () => {
    const server = closing(await serveWebSocket(() => {}, {host: '::1'}))
    expect(await attemptOn(websocket, {address: server.address})).toMatchObject({ok: true, facts: {ip: '::1'}})
  })

  test('takes an http: address for the ws: one of the same host', async () => {
    const server = closing(await serveWebSocket())
    expect(await attemptOn(websocket, {address: server.address.replace('ws', 'http')})).toMatchObject({ok: true})
  })

  test('sends path, query, headers, origin and credentials', async () => {
    const server = closing(
      await serveWebSocket((socket, {url, headers}) => {
        const {host, origin, authorization} = headers
        socket.send(JSON.stringify([url, host, origin, authorization, headers['x-team'], headers['user-agent']]))
      }),
    )
    const expected = JSON.stringify([
      '/base/ws?v=1&token=a%26b',
      'chat.test',
      'https://app.test',
      'Bearer tok-12345',
      'chat',
      'rtc-probe (synthetic check)',
    ])
    const result = await attemptOn(websocket, {
      address: `${server.address}/base?v=1`,
      options: {
        path: 'ws',
        query: {token: 'a&b'},
        headers: {Host: 'chat.test', 'X-Team': 'chat'},
        origin: 'https://app.test',
        auth: {bearer: 'tok-12345'},
        messages: [{expect: `^${expected.replace(/[[\](){}?.*+|^$\\]/g, '\\$&')}$`}],
      },
    })
    expect(result.ok ? undefined : result.failure).toBeUndefined()
  })

  test('is let in with a client certificate, and named as wanting one without', async () => {
    const {ca, ...tls} = await makeCertificate()
    const client = await makeCertificate({names: ['prober']})
    const server = closing(
      await serveWebSocket(() => {}, {tls: {...tls, ca: client.ca, requestCert: true, rejectUnauthorized: true}}),
    )
    const options = {ca, cert: client.cert, key: client.key}
    expect(await attemptOn(websocket, {address: server.address, options})).toMatchObject({ok: true})
    expect(await attemptOn(websocket, {address: server.address, options: {ca}})).toMatchObject({
      failure: {code: 'tls_client_certificate', phase: 'tls'},
    })
    expect(await attemptOn(websocket, {address: server.address})).toMatchObject({failure: {code: 'tls_untrusted'}})
  })

  test('offers compression only when told', async () => {
    const server = closing(await serveWebSocket(() => {}, {options: {perMessageDeflate: true}}))
    expect((await attemptOn(websocket, {address: server.address})).facts).not.toHaveProperty('ws_extensions')
    expect(
      (await attemptOn(websocket, {address: server.address, options: {perMessageDeflate: true}})).facts,
    ).toMatchObject({
      ws_extensions: 'permessage-deflate',
    })
  })
})

describe('a subprotocol', () => {
  const selecting = (answer: string | false) =>
    serveWebSocket(() => {}, {options: {handleProtocols: () => answer}}).then(closing)
  const options = {subprotocols: ['chat.v2', 'chat.v1']}

  test('that the server selects is a fact', async () => {
    const server = await selecting('chat.v1')
    expect(await attemptOn(websocket, {address: server.address, options})).toMatchObject({
      ok: true,
      facts: {ws_subprotocol: 'chat.v1'},
    })
  })

  test('that the server does not select is a failure', async () => {
    const server = await selecting(false)
    expect(await attemptOn(websocket, {address: server.address, options})).toMatchObject({
      facts: {upgraded: false, http_status: 101},
      failure: {
        code: 'subprotocol',
        phase: 'upgrade',
        message: 'expected one of the subprotocols chat.v2, chat.v1, got none',
      },
    })
  })

  test('that was not offered is a failure', async () => {
    const server = await selecting('chat.v3')
    expect(await attemptOn(websocket, {address: server.address, options})).toMatchObject({
      failure: {code: 'subprotocol', message: 'expected one of the subprotocols chat.v2, chat.v1, got "chat.v3"'},
    })
  })
})

describe('messages', () => {
  test('are kept from the first one on, whenever they are asked for', async () => {
    const server = closing(
      await serveWebSocket((socket) => {
        for (const text of ['welcome', 'presence 1', 'presence 2', 'ready']) socket.send(text)
      }),
    )
    const messages = [{expect: '^welcome'}, {expect: '^ready'}]
    expect(await attemptOn(websocket, {address: server.address, options: {messages}})).toMatchObject({ok: true})
  })

  test('that match nothing are counted, and the last one is shown', async () => {
    const server = closing(
      await serveWebSocket((socket) => {
        socket.send(Buffer.from('pong as binary is no text'))
        for (const text of ['welcome', 'error: no\nsuch room']) socket.send(text)
      }),
    )
    const messages = [{send: 'ping'}, {expect: 'pong', within: '100ms'}]
    const result = await attemptOn(websocket, {address: server.address, options: {messages}})
    expect(result).toMatchObject({
      failure: {
        code: 'unexpected_message',
        phase: 'message',
        message: 'expected a message that matches "pong" within 100 ms, got 2 others, the last "error: no such room"',
      },
    })
    expect(result.events).toContainEqual({indicator: 'ws_ping', ok: false})
  })

  test('that never come are a time-out of their own', async () => {
    const server = closing(await serveWebSocket())
    const messages = [{expect: 'pong', within: 80}]
    expect(await attemptOn(websocket, {address: server.address, options: {messages}})).toMatchObject({
      failure: {code: 'timeout', message: 'expected a message that matches "pong" within 80.0 ms, got none'},
    })
  })

  test('longer than the limit are refused', async () => {
    const server = closing(await serveWebSocket((socket) => socket.send('x'.repeat(2000))))
    const options = {maxPayloadBytes: 1000, messages: [{expect: 'x'}]}
    expect(await attemptOn(websocket, {address: server.address, options})).toMatchObject({
      failure: {code: 'protocol_error', message: 'expected messages of at most 1000 bytes, got a longer one'},
    })
  })

  test('that are no frames are named as that', async () => {
    const server = closing(
      await serveWebSocket((_socket, request) => void request.socket.write(Buffer.from([0xff, 0xff, 0xff]))),
    )
    expect(await attemptOn(websocket, {address: server.address})).toMatchObject({
      failure: {code: 'protocol_error', phase: 'message'},
    })
  })
})

describe('a server that closes before its time', () => {
  test.each<{title: string; close: Parameters<typeof serveWebSocket>[0]; code: string; message: RegExp | string}>([
    {
      title: 'with a code and a reason is quoted',
      close: (socket) => socket.close(4000, 'token expired'),
      code: 'closed_early',
      message: 'server closed with 4000 "token expired"',
    },
    {
      title: 'without a code says so',
      close: (socket) => socket.close(),
      code: 'closed_early',
      message: 'server closed without a code',
    },
    {
      title: 'without a close frame says so',
      close: (_socket, request) => void request.socket.end(),
      code: 'closed',
      message: 'the server closed the connection without a close frame',
    },
    {
      title: 'with a reset is a reset',
      close: (_socket, request) => void request.socket.resetAndDestroy(),
      code: 'reset',
      message: /^connection reset by the server/,
    },
  ])('$title', async ({close, code, message}) => {
    const server = closing(await serveWebSocket(close))
    const options = {messages: [{expect: 'welcome'}]}
    const result = await attemptOn(websocket, {address: server.address, options})
    expect(result).toMatchObject({ok: false, failure: {code, phase: 'message'}})
    if (!result.ok) expect(result.failure.message).toMatch(message)
    expect(result.events.slice(0, 2)).toMatchObject([
      {indicator: 'websocket_handshake', ok: true},
      {indicator: 'ws_ping', ok: false},
    ])
  })
})

describe('a peer that falls silent', () => {
  test('after the upgrade loses its pings, and the attempt fails', async () => {
    const server = closing(
      await serveWebSocket((_socket, request) => void request.socket.pause(), {options: {autoPong: false}}),
    )
    const result = await attemptOn(websocket, {address: server.address, options: {ping: 2, pingTimeout: '60ms'}})
    expect(result).toMatchObject({
      facts: {ws_pings_lost: 2, ws_closed_cleanly: false},
      failure: {code: 'timeout', phase: 'message', message: 'expected a pong within 60.0 ms, got none to 2 pings'},
    })
    expect(result.events.filter(({indicator}) => indicator === 'ws_ping')).toEqual([
      {indicator: 'ws_ping', ok: false},
      {indicator: 'ws_ping', ok: false},
    ])
  })

  test('for one ping has one bad event, and the attempt goes on', async () => {
    const server = closing(
      await serveWebSocket(
        (socket) => {
          let pings = 0
          socket.on('ping', (data) => {
            if (++pings !== 2) socket.pong(data)
          })
        },
        {options: {autoPong: false}},
      ),
    )
    const result = await attemptOn(websocket, {address: server.address, options: {ping: 3, pingTimeout: '250ms'}})
    expect(result).toMatchObject({ok: true, facts: {ws_pings_lost: 1}})
    expect(result.events.filter(({indicator}) => indicator === 'ws_ping').map(({ok}) => ok)).toEqual([
      true,
      false,
      true,
    ])
  })

  test('at the goodbye is left after half a second', async () => {
    const server = closing(
      await serveWebSocket((socket, request) => {
        socket.once('ping', (data: Buffer) => {
          socket.pong(data)
          request.socket.pause()
        })
      }),
    )
    const result = await attemptOn(websocket, {address: server.address})
    expect(result).toMatchObject({ok: true, facts: {ws_closed_cleanly: false}})
    expect(result.totalMs).toBeLessThan(3000) // `ws` alone would wait half a minute
  })
})

describe('the schema', () => {
  test.each<[options: object, said: RegExp]>([
    [{origin: 'chat.test'}, /^origin: expected an origin such as/],
    [{subprotocols: ['a b']}, /^subprotocols\.0: expected a subprotocol name/],
    [{subprotocols: ['a', 'a']}, /^subprotocols: expected each subprotocol once/],
    [{messages: [{expect: '('}]}, /^messages\.0\.expect: expected a pattern in RE2's syntax/],
    [{messages: [{say: 'x'}]}, /^messages\.0: Unrecognized key: "say"/],
    [{messages: [{within: 1}]}, /^messages\.0: expected either `send` or `expect`/],
    [{messages: [{send: 'x', expect: 'y'}]}, /^messages\.0: expected either `send` or `expect`/],
    [{messages: [{expect: 'x', within: 'soon'}]}, /^messages\.0\.within: expected a duration/],
    [{headers: {'Sec-WebSocket-Key': 'x'}}, /^headers\./],
    [{headers: {'X-A': 'a\r\nX-B: b'}}, /^headers\.X-A: expected a header value without line breaks/],
    [{origin: 'https://a\r\nX-B:b'}, /^origin: /],
    [{ping: -1}, /^ping: /],
  ])('says of %j what was expected', (options, said) => {
    const parsed = websocketOptions.safeParse(options)
    const issue = parsed.error?.issues[0]
    expect(`${issue?.path.join('.')}: ${issue?.message}`).toMatch(said)
  })
})
