import {quantile} from '../src/core/stats.ts'
import {probes} from '../src/probes/index.ts'
import {attemptOn} from '../test/fixtures/attempt-on.ts'
import {closedTcp} from '../test/fixtures/fault-server.ts'
import {FORWARDS_UPGRADES, nginx, type ReverseProxy} from '../test/fixtures/reverse-proxy.ts'
import {serveWebSocket} from '../test/fixtures/serve-websocket.ts'
import type {Bench, Claim} from './claim.ts'

const ROUNDS = 40

/** Each fault behind a real nginx, with the code that names it. Most take a second look, which is included. */
const faults: Readonly<Record<string, {readonly code: string; readonly options?: Readonly<Record<string, unknown>>}>> =
  {
    '/dropped': {code: 'upgrade_dropped'},
    '/pages/ws': {code: 'not_websocket'},
    '/nothing': {code: 'upgrade_refused'},
    '/moved': {code: 'http_redirect'},
    '/password': {code: 'login_required'},
    '/denied': {code: 'forbidden'},
    '/origin': {code: 'origin_refused', options: {origin: 'https://evil.test'}},
    '/down': {code: 'backend_down'},
    '/cut': {code: 'closed'},
  }

/** What a refused handshake takes until its cause is named. */
export const handshakes: Bench = async () => {
  const backEnd = await serveWebSocket(() => {}, {plain: (_, response) => response.writeHead(404).end('no page')})
  const closed = await closedTcp()
  const proxy = await nginx(
    ({ports: [port], directory}) => config(port, {directory, to: backEnd.port, closed: closed.port}),
    {
      'index.html': '<!doctype html><title>Chat</title>',
      none: '',
    },
  )
  try {
    return [await slowest(proxy)]
  } finally {
    await proxy.close()
    await backEnd.close()
  }
}

async function slowest({ports: [port]}: ReverseProxy): Promise<Claim> {
  const times: {path: string; p50: number; p95: number}[] = []
  for (const [path, {code, options = {}}] of Object.entries(faults)) {
    const values: number[] = []
    for (let round = 0; round < ROUNDS; round++) {
      const result = await attemptOn(probes.websocket, {address: `ws://127.0.0.1:${port}${path}`, options})
      if (result.ok || result.failure.code !== code)
        throw new Error(`${path}: expected ${code}, got ${JSON.stringify(result)}`)
      values.push(result.totalMs)
    }
    const [p50, p95] = [0.5, 0.95].map((q) => quantile(values, q) ?? Number.NaN) as [number, number]
    times.push({path, p50, p95})
  }
  const worst = times.reduce((one, other) => (other.p50 > one.p50 ? other : one))
  const detail = times.map(({path, p50, p95}) => `${path} ${p50.toFixed(1)} (p95 ${p95.toFixed(1)})`).join(', ')
  return {
    name: 'refused handshake named, slowest fault, p50',
    measured: worst.p50,
    limit: 50,
    unit: 'ms',
    detail: `${detail}; ${ROUNDS} each`,
  }
}

function config(port: number, {directory, to, closed}: {directory: string; to: number; closed: number}): string {
  const pass = `proxy_pass http://127.0.0.1:${to};`
  return `
    server {
      listen 127.0.0.1:${port};
      location /dropped { ${pass} }
      location /pages { root ${directory}; try_files $uri /index.html; }
      location /index.html { root ${directory}; default_type text/html; }
      location /nothing { return 404; }
      location /moved { return 308 http://$http_host/ws; }
      location /password { auth_basic "chat"; auth_basic_user_file ${directory}/none; ${pass} }
      location /denied { deny all; }
      location /origin { if ($http_origin !~ "^http://127.0.0.1:${port}$") { return 403; } ${FORWARDS_UPGRADES} ${pass} }
      location /down { proxy_pass http://127.0.0.1:${closed}; }
      location /cut { return 444; }
    }`
}
