import {once} from 'node:events'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {WebSocket} from 'ws'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closedTcp} from '../fixtures/fault-server.ts'
import {expectNamed, type Named} from '../fixtures/named.ts'
import {haproxy, type ReverseProxy} from '../fixtures/reverse-proxy.ts'
import {serveWebSocket, type ServedWebSocket} from '../fixtures/serve-websocket.ts'
import {need} from '../setup/need.ts'

const {websocket, http} = probes

/** A chat server behind a real HAProxy, each fault by the configuration that makes it. */
describe('behind HAProxy', () => {
  need('haproxy')
  let backEnd: ServedWebSocket
  let proxy: ReverseProxy
  let server: Certificate
  let client: Certificate

  beforeAll(async () => {
    backEnd = await serveWebSocket(() => {}, {plain: (_request, response) => response.writeHead(404).end('no page')})
    ;[server, client] = await Promise.all([makeCertificate(), makeCertificate({names: ['prober']})])
    const closed = await closedTcp()
    proxy = await haproxy(
      ({ports: [plain, tls, strict], directory}) => `
frontend plain
  bind 127.0.0.1:${plain}
  http-request del-header Upgrade if { path_beg /dropped }
  http-request redirect code 301 location https://chat.test/ws if { path /moved }
  http-request auth realm chat if { path /password }
  http-request deny if { path /denied }
  http-request deny deny_status 429 if { path /limited }
  tcp-request content reject if { path /cut }
  use_backend down if { path /down }
  use_backend full if { path /full }
  default_backend chat
frontend tls
  bind 127.0.0.1:${tls} ssl crt ${directory}/server.pem
  default_backend chat
frontend strict
  bind 127.0.0.1:${strict} ssl crt ${directory}/server.pem ca-file ${directory}/clients.pem verify required
  default_backend chat
backend chat
  server one 127.0.0.1:${backEnd.port}
backend down
  server one 127.0.0.1:${closed.port} check inter 100ms fall 1
backend full
  timeout queue 200ms
  server one 127.0.0.1:${backEnd.port} maxconn 1`,
      {files: {'server.pem': `${server.cert}\n${server.key}`, 'clients.pem': client.ca}},
    )
  })
  afterAll(async () => {
    await proxy.close()
    await backEnd.close()
  })

  const at = (path: string, scheme = 'ws') => `${scheme}://127.0.0.1:${proxy.ports[0]}${path}`

  test('a good one passes', async () => {
    expect(await attemptOn(websocket, {address: at('/ws')})).toMatchObject({ok: true, facts: {upgraded: true}})
  })

  test.each<{fault: string; path: string; named: Named}>([
    {
      fault: 'Upgrade is dropped',
      path: '/dropped',
      named: {code: 'upgrade_dropped', message: /404 Not Found with "no page"/},
    },
    {
      fault: 'a redirect',
      path: '/moved',
      named: {code: 'http_redirect', message: /301/, hint: /https:\/\/chat\.test\/ws/},
    },
    {fault: 'a password', path: '/password', named: {code: 'login_required', message: /401 Unauthorized/}},
    {fault: 'forbidden', path: '/denied', named: {code: 'forbidden', message: /403 Forbidden/}},
    {fault: 'a limit', path: '/limited', named: {code: 'at_limit', message: /429 Too Many Requests/}},
    {fault: 'cut without an answer', path: '/cut', named: {code: 'closed', message: /without an answer/}},
  ])('$fault: $named.code', async ({path, named}) => {
    await expectNamed(websocket, {address: at(path)}, {phase: 'upgrade', ...named})
  })

  test('the back end is down: backend_down', async () => {
    // Until the first health check has failed HAProxy tries to connect, and says the same for that.
    await expect
      .poll(() => attemptOn(websocket, {address: at('/down')}), {timeout: 15_000})
      .toMatchObject({failure: {code: 'backend_down'}})
    const named = {code: 'backend_down', message: /proxy is up, the back end is not: .*503 Service Unavailable/}
    await expectNamed(websocket, {address: at('/down')}, named)
  })

  test('a queue for a server that is full is a limit, and its wait is no time of a handshake', async () => {
    const held = new WebSocket(at('/full'))
    await once(held, 'open')
    const result = await attemptOn(websocket, {address: at('/full')})
    expect(result).toMatchObject({
      failure: {code: 'at_limit', phase: 'upgrade', message: expect.stringMatching(/503 Service/) as unknown},
    })
    expect(result.totalMs).toBeGreaterThan(200)
    expect(result.events).toContainEqual({indicator: 'websocket_handshake', ok: false})
    held.terminate()
  })

  test('plain text to a TLS port, and TLS to a plain one, are named', async () => {
    const [plain, tls] = proxy.ports
    await expectNamed(websocket, {address: `ws://127.0.0.1:${tls}`}, {code: 'needs_tls', message: /closed a plain/})
    await expectNamed(http, {address: `http://127.0.0.1:${tls}`}, {code: 'needs_tls', message: /closed a plain/})
    await expectNamed(websocket, {address: `wss://127.0.0.1:${plain}`}, {code: 'not_tls', phase: 'tls'})
  })

  test('a client certificate is wanted, and another one refused, at the first read', async () => {
    const address = `wss://127.0.0.1:${proxy.ports[2]}/ws`
    const {ca} = server
    await expectNamed(websocket, {address, options: {ca}}, {code: 'tls_client_certificate', phase: 'tls'})
    const {cert, key} = await makeCertificate({names: ['stranger']})
    await expectNamed(
      websocket,
      {address, options: {ca, cert, key}},
      {code: 'tls_client_certificate', message: /does not accept our client certificate/},
    )
    const ours = {ca, cert: client.cert, key: client.key}
    expect(await attemptOn(websocket, {address, options: ours})).toMatchObject({ok: true})
  })
})
