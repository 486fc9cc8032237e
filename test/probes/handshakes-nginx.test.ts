import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closedTcp} from '../fixtures/fault-server.ts'
import {expectNamed, type Named} from '../fixtures/named.ts'
import {FORWARDS_UPGRADES, nginx, type ReverseProxy} from '../fixtures/reverse-proxy.ts'
import {serveWebSocket, type ServedWebSocket} from '../fixtures/serve-websocket.ts'
import {need} from '../setup/need.ts'

const {websocket, http} = probes

/** A chat server behind a real nginx, each fault by the configuration that makes it. */
describe('behind nginx', () => {
  need('nginx')
  let backEnd: ServedWebSocket
  let proxy: ReverseProxy
  let server: Certificate
  let client: Certificate
  let stranger: Certificate

  beforeAll(async () => {
    backEnd = await serveWebSocket(
      (socket, {url = ''}) => {
        if (url.startsWith('/picky')) socket.close(4406, 'Subprotocol not acceptable')
        if (url.startsWith('/full')) socket.close(1013, 'too many rooms')
      },
      {
        options: {handleProtocols: (offered) => (offered.has('chat.v2') ? 'chat.v2' : false)},
        plain: (request, response) => {
          const status = Number(/\/(\d{3})$/.exec(request.url ?? '')?.[1] ?? 404)
          response.writeHead(status, {'content-type': 'text/html'}).end(`<p>no page at ${request.url}</p>`)
        },
      },
    )
    ;[server, client, stranger] = await Promise.all([
      makeCertificate({intermediate: true}),
      makeCertificate({names: ['prober']}),
      makeCertificate({names: ['stranger']}),
    ])
    const closed = await closedTcp()
    const to = `proxy_pass http://127.0.0.1:${backEnd.port};`
    proxy = await nginx(
      ({ports: [plain, tls, picky], directory}) => `
        limit_req_zone $binary_remote_addr zone=few:1m rate=1r/m;
        server {
          listen 127.0.0.1:${plain};
          location / { ${FORWARDS_UPGRADES} ${to} }
          location /dropped { ${to} }
          location /pages { root ${directory}; try_files $uri /index.html; }
          location /index.html { root ${directory}; default_type text/html; }
          location /nothing { return 404; }
          location /moved { return 308 http://$http_host/ws; }
          location /members { return 302 /login?next=$uri; }
          location /password { auth_basic "chat"; auth_basic_user_file ${directory}/none; ${to} }
          location /denied { deny all; }
          location /down { proxy_pass http://127.0.0.1:${closed.port}; }
          location /limited { limit_req zone=few; ${FORWARDS_UPGRADES} ${to} }
          location /cut { return 444; }
          location /origin {
            if ($http_origin !~ "^http://127.0.0.1:${plain}$") { return 403; }
            ${FORWARDS_UPGRADES} ${to}
          }
        }
        server {
          listen 127.0.0.1:${tls} ssl;
          ssl_certificate ${directory}/chain.pem; ssl_certificate_key ${directory}/key.pem;
          ssl_client_certificate ${directory}/clients.pem; ssl_verify_client optional_no_ca;
          location / { ${FORWARDS_UPGRADES} ${to} }
        }
        server {
          listen 127.0.0.1:${picky} ssl default_server;
          ssl_certificate ${directory}/leaf.pem; ssl_certificate_key ${directory}/key.pem;
          ssl_client_certificate ${directory}/clients.pem; ssl_verify_client on;
          location / { ${FORWARDS_UPGRADES} ${to} }
        }
        server { listen 127.0.0.1:${picky} ssl; server_name retired.test; ssl_reject_handshake on; }`,
      {
        'index.html': '<!doctype html><title>Chat</title>',
        none: '',
        'chain.pem': server.chain,
        'leaf.pem': server.cert,
        'key.pem': server.key,
        'clients.pem': client.ca,
      },
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

  test.each<{fault: string; path: string; options?: object; named: Named}>([
    {
      fault: 'Upgrade is dropped, and the back end answers 200',
      path: '/dropped/200',
      named: {code: 'upgrade_dropped', message: /200 OK from nginx\/\S+ with "<p>no page/, hint: /drops the Upgrade/},
    },
    {
      fault: 'Upgrade is dropped, and the back end answers 400',
      path: '/dropped/400',
      named: {code: 'upgrade_dropped', message: /400 Bad Request from nginx/},
    },
    {
      fault: 'Upgrade is dropped, and the back end answers 404',
      path: '/dropped/404',
      named: {code: 'upgrade_dropped', message: /404 Not Found from nginx/},
    },
    {
      fault: 'any path shows a web page',
      path: '/pages/ws',
      named: {code: 'not_websocket', message: /200 OK from nginx\/\S+ with "<!doctype html>/},
    },
    {
      fault: 'nothing is at the path',
      path: '/nothing',
      named: {code: 'upgrade_refused', message: /404 Not Found/, hint: /^nginx answers itself/},
    },
    {
      fault: 'a redirect',
      path: '/moved',
      named: {code: 'http_redirect', message: /308 Permanent/, hint: /redirects to http:\/\/127\.0\.0\.1:\d+\/ws/},
    },
    {fault: 'a login page', path: '/members', named: {code: 'login_required', hint: /redirects to \S+\/login\?next=…/}},
    {fault: 'a password', path: '/password', named: {code: 'login_required', message: /401 Unauthorized from nginx/}},
    {fault: 'forbidden', path: '/denied', named: {code: 'forbidden', message: /403 Forbidden from nginx/}},
    {
      fault: 'the back end is down',
      path: '/down',
      named: {code: 'backend_down', message: /proxy is up, the back end is not: .*502 Bad Gateway from nginx/},
    },
    {fault: 'cut without an answer', path: '/cut', named: {code: 'closed', message: /without an answer/}},
    {
      fault: 'another origin is wanted',
      path: '/origin',
      options: {origin: 'https://evil.test'},
      named: {
        code: 'origin_refused',
        message: /does not accept https:\/\/evil\.test: .*403 Forbidden/,
        hint: /lets in http:\/\/127\.0\.0\.1:\d+/,
      },
    },
    {
      fault: 'an origin is wanted',
      path: '/origin',
      named: {code: 'origin_refused', message: /does not accept a request without an origin/},
    },
    {
      fault: 'the server selects no subprotocol',
      path: '/ws',
      options: {subprotocols: ['chat.v1']},
      named: {code: 'subprotocol', message: /expected one of the subprotocols chat\.v1, got none/},
    },
    {
      fault: 'the server accepts, and then closes for want of a subprotocol',
      path: '/picky',
      named: {code: 'subprotocol', phase: 'message', message: /4406 "Subprotocol not acceptable"/},
    },
    {
      fault: 'the server accepts, and then closes for it is full',
      path: '/full',
      named: {code: 'at_limit', phase: 'message', message: /1013 "too many rooms"/},
    },
  ])('$fault: $named.code', async ({path, options, named}) => {
    await expectNamed(
      websocket,
      {address: at(path), ...(options && {options: {...options}})},
      {phase: 'upgrade', ...named},
    )
  })

  test('a redirect is followed when asked for', async () => {
    const result = await attemptOn(websocket, {address: at('/moved'), options: {redirects: 1}})
    expect(result).toMatchObject({ok: true, facts: {redirects: 1}})
  })

  test('a limit is one, and leaves no time of a handshake', async () => {
    await attemptOn(websocket, {address: at('/limited')})
    const result = await attemptOn(websocket, {address: at('/limited')})
    expect(result).toMatchObject({failure: {code: 'at_limit', message: expect.stringMatching(/503/) as unknown}})
    expect(result.events).toContainEqual({indicator: 'websocket_handshake', ok: false})
  })

  test('plain text to a TLS port, and TLS to a plain one, are named', async () => {
    const [plain, tls] = proxy.ports
    await expectNamed(websocket, {address: `ws://127.0.0.1:${tls}`}, {code: 'needs_tls', message: /HTTPS port/})
    await expectNamed(websocket, {address: `wss://127.0.0.1:${plain}`}, {code: 'not_tls', phase: 'tls'})
  })

  test('over TLS: full chain, leaf alone, a name that it does not serve, client certificates', async () => {
    const [, tls, picky] = proxy.ports
    const full = `wss://127.0.0.1:${tls}/ws`
    const strict = `wss://127.0.0.1:${picky}/ws`
    const {ca} = server
    expect(await attemptOn(websocket, {address: full, options: {ca}})).toMatchObject({ok: true})
    await expectNamed(websocket, {address: full}, {code: 'tls_untrusted', phase: 'tls'})
    await expectNamed(websocket, {address: strict, options: {ca}}, {code: 'tls_incomplete_chain', phase: 'tls'})
    const insecure = {insecure: true}
    await expectNamed(
      websocket,
      {address: strict, options: {...insecure, servername: 'retired.test'}},
      {code: 'tls_wrong_name', message: /no certificate for this name/},
    )
    await expectNamed(websocket, {address: strict, options: insecure}, {code: 'tls_client_certificate'})
    const as = ({cert, key}: Certificate) => ({...insecure, cert, key})
    await expectNamed(
      websocket,
      {address: strict, options: as(stranger)},
      {code: 'tls_client_certificate', message: /does not accept our client certificate/},
    )
    expect(await attemptOn(websocket, {address: strict, options: as(client)})).toMatchObject({ok: true})
  })

  test('the probe of a page names a TLS port, too', async () => {
    const result = await attemptOn(http, {address: at('/cut', 'http')})
    expect(result).toMatchObject({failure: {code: 'closed'}})
  })
})
