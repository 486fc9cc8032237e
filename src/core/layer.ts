import {blameOf, type Failure} from './failure.ts'

const byPhase: Readonly<Record<string, string>> = {
  resolve: 'DNS',
  connect: 'network',
  tls: 'TLS',
  upgrade: 'WebSocket',
  processing: 'HTTP',
  transfer: 'HTTP',
}

const byProbe: Readonly<Record<string, string>> = {
  http: 'HTTP',
  websocket: 'WebSocket',
  socketio: 'Socket.IO',
  signaling: 'signaling',
  stun: 'STUN',
  turn: 'TURN',
  ice: 'ICE',
  call: 'call',
  metrics: 'metrics',
  prometheus: 'monitoring',
  alertmanager: 'monitoring',
  grafana: 'monitoring',
  'alert-path': 'monitoring',
}

/** The layer that broke, in a word for people: by the phase that failed, else by what the probe speaks. */
export function layerOf({code, phase}: Failure, probe: string): string {
  switch (blameOf(code)) {
    case 'prober':
      return 'prober'
    case 'operator':
      return 'request'
    case 'target':
      return byCode(code) ?? byPhase[phase] ?? byProbe[probe] ?? probe
  }
}

/** What a code says of its layer, whatever the phase: a name that is not found while a redirect is followed is DNS. */
function byCode(code: Failure['code']): string | undefined {
  if (code.startsWith('dns_')) return 'DNS'
  if (code === 'refused' || code === 'unreachable') return 'network' // over UDP only the first request finds out
  if (code === 'ice_engine') return 'WebRTC engine' // the network had done its part
  if (code.startsWith('tls_') || code === 'not_tls' || code === 'needs_tls') return 'TLS'
  return undefined
}
