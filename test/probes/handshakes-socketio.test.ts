import {createServer} from 'node:http'
import {once} from 'node:events'
import type {AddressInfo} from 'node:net'
import {attach} from 'engine.io'
import io2 from 'socket.io-2'
import msgpack from 'socket.io-msgpack-parser'
import {beforeAll, describe, expect, test} from 'vitest'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {causeOf, expectNamed, type Named} from '../fixtures/named.ts'
import {FORWARDS_UPGRADES, haproxy, nginx} from '../fixtures/reverse-proxy.ts'
import {videoChatServer, type VideoChatOptions} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

const {socketio, websocket} = probes

const BOTH = {transports: ['polling', 'websocket']}
const POLLING = {transports: ['polling']}

const serve = async (options?: VideoChatOptions) => closing(await videoChatServer(options)).url
const portOf = (url: string) => Number(new URL(url).port)

/** nginx in front of these servers, with what else its location says. */
async function behindNginx(urls: readonly string[], location = FORWARDS_UPGRADES, upstream = ''): Promise<string> {
  const servers = urls.map((url) => `server 127.0.0.1:${portOf(url)};`).join(' ')
  const {ports} = closing(
    await nginx(
      ({ports: [port]}) => `
      upstream chat { ${upstream} ${servers} }
      server { listen 127.0.0.1:${port}; location / { ${location} proxy_pass http://chat; } }`,
    ),
  )
  return `http://127.0.0.1:${ports[0]}`
}

async function behindHaproxy(urls: readonly string[], backend: (node: number) => string, more = ''): Promise<string> {
  const {ports} = closing(
    await haproxy(
      ({ports: [port]}) => `
frontend chat
  bind 127.0.0.1:${port}
  default_backend nodes
backend nodes
  balance roundrobin
${more}
${urls.map((url, node) => `  server node${node} 127.0.0.1:${portOf(url)} ${backend(node)}`).join('\n')}`,
    ),
  )
  return `http://127.0.0.1:${ports[0]}`
}

describe('a fleet', () => {
  need('nginx')
  need('haproxy')
  let url: () => Promise<readonly string[]>
  beforeAll(() => {
    url = async () => [await serve(), await serve()]
  })

  test.each([POLLING, BOTH])(
    'without sticky sessions behind nginx: session_unknown over $transports',
    async (options) => {
      const address = await behindNginx(await url())
      const named = {code: 'session_unknown', message: /another node.*Session ID unknown/, hint: /sticky/}
      await expectNamed(socketio, {address, options}, named)
    },
  )

  test('without sticky sessions behind HAProxy: session_unknown', async () => {
    await expectNamed(
      socketio,
      {address: await behindHaproxy(await url(), () => ''), options: BOTH},
      {code: 'session_unknown', hint: /sticky/},
    )
  })

  test.each([POLLING, BOTH])('that is sticky by cookie or by address passes over $transports', async (options) => {
    const fleets = [
      await behindHaproxy(await url(), (node) => `cookie node${node}`, '  cookie NODE insert indirect nocache'),
      await behindNginx(await url(), FORWARDS_UPGRADES, 'ip_hash;'),
    ]
    for (const address of fleets) {
      expect(await attemptOn(socketio, {address, options})).toMatchObject({ok: true})
    }
  })

  test('needs no stickiness for websocket alone', async () => {
    expect(await attemptOn(socketio, {address: await behindNginx(await url())})).toMatchObject({ok: true})
  })
})

describe('behind nginx', () => {
  need('nginx')

  test.each<{fault: string; location: string; options?: object; named: Named}>([
    {
      fault: 'Upgrade is dropped',
      location: '',
      named: {code: 'upgrade_dropped', phase: 'open', message: /400 Bad Request from nginx/},
    },
    {
      fault: 'Upgrade is dropped on the way from polling',
      location: '',
      options: BOTH,
      named: {code: 'upgrade_dropped', phase: 'upgrade', message: /400 Bad Request from nginx/},
    },
    {
      fault: 'WebSockets are answered with a page',
      location: 'default_type text/html; if ($arg_transport = websocket) { return 200 "<title>Chat</title>"; }',
      named: {code: 'upgrade_dropped', message: /polling is answered there.*200 OK from nginx\S+ with "<title>/},
    },
    {
      fault: 'WebSockets lead nowhere',
      location: 'if ($arg_transport = websocket) { return 404; }',
      named: {code: 'upgrade_dropped', message: /polling is answered there.*404 Not Found/},
    },
    {
      fault: 'the version in the query is another',
      location: 'rewrite ^(.*)$ $1?EIO=3&transport=polling? break;',
      options: POLLING,
      named: {code: 'engineio_version', phase: 'open', message: /Unsupported protocol version/},
    },
    {
      fault: 'large bodies are refused, and polling passes',
      location: 'client_max_body_size 1k;',
      options: {...POLLING, emit: {event: 'echo', args: ['x'.repeat(4096)]}},
      named: {code: 'body_refused', phase: 'ack', message: /413 Request Entity Too Large from nginx/},
    },
    {
      fault: 'a redirect',
      location: 'return 301 https://chat.test$request_uri;',
      options: POLLING,
      named: {code: 'http_redirect', hint: /https:\/\/chat\.test\/socket\.io\/\?EIO=4&transport=polling/},
    },
    {
      fault: 'a password',
      location: 'auth_basic chat; auth_basic_user_file /dev/null;',
      named: {code: 'login_required', message: /401 Unauthorized from nginx/},
    },
    {fault: 'forbidden', location: 'deny all;', named: {code: 'forbidden', message: /403 Forbidden from nginx/}},
  ])('$fault: $named.code', async ({location, options = {}, named}) => {
    const address = await behindNginx([await serve()], location)
    await expectNamed(socketio, {address, options: {...options}}, named)
  })

  test('a redirect is followed when asked for, by every request of the session', async () => {
    const {port} = new URL(await serve())
    const {ports} = closing(
      await nginx(
        ({ports: [plain]}) => `
        server { listen 127.0.0.1:${plain}; return 307 http://127.0.0.1:${port}$request_uri; }`,
      ),
    )
    const options = {...BOTH, redirects: 1}
    const result = await attemptOn(socketio, {address: `http://127.0.0.1:${ports[0]}`, options})
    expect(result).toMatchObject({ok: true, facts: {redirects: 1, transport: 'websocket'}})
  })
})

describe('a server', () => {
  test.each([[POLLING], [{transports: ['websocket']}], [BOTH]])(
    'of Socket.IO 2: engineio_version %j',
    async (options) => {
      const http = createServer()
      const io = io2(http, {serveClient: false})
      http.listen(0, '127.0.0.1')
      await once(http, 'listening')
      closing({
        close: () => {
          io.close()
          http.closeAllConnections()
        },
      })
      const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
      await expectNamed(socketio, {address, options}, {code: 'engineio_version', hint: /Socket\.IO 2/})
    },
  )

  test('of Engine.IO 4, asked for revision 3 by a plain WebSocket: engineio_version', async () => {
    const address = `${(await serve()).replace('http', 'ws')}/socket.io/?EIO=3&transport=websocket`
    await expectNamed(websocket, {address}, {code: 'engineio_version', phase: 'message', message: /revision 3/})
  })

  test.each([[{transports: ['websocket']}], [POLLING]])('with another parser: parser_mismatch %j', async (options) => {
    const address = await serve({server: {parser: msgpack}})
    await expectNamed(socketio, {address, options}, {code: 'parser_mismatch', phase: 'namespace', hint: /msgpack/})
  })

  test.each([[{transports: ['websocket']}], [POLLING]])('of bare Engine.IO: not_socketio %j', async (options) => {
    const http = createServer()
    const engine = attach(http, {})
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    closing({
      close: () => {
        engine.close()
        http.closeAllConnections()
        http.close()
      },
    })
    const address = `http://127.0.0.1:${(http.address() as AddressInfo).port}/engine.io/`
    const result = await attemptOn(socketio, {address, options, timeoutMs: 2000})
    expect(causeOf(result)).toMatchObject({
      code: 'not_socketio',
      phase: 'namespace',
      message: expect.stringMatching(/^Engine\.IO answers, Socket\.IO does not: no answer within 2000 ms/) as unknown,
    })
  })

  test('that does not let a request in: forbidden', async () => {
    const address = await serve({server: {allowRequest: (_request, decide) => decide('not you', false)}})
    for (const options of [{}, POLLING])
      await expectNamed(socketio, {address, options}, {code: 'forbidden', phase: 'open'})
  })
})
