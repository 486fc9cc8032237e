import {alertPathSpec} from './alert-path/options.ts'
import {alertmanagerSpec} from './alertmanager/options.ts'
import {callSpec} from './call/options.ts'
import {grafanaSpec} from './grafana/options.ts'
import {httpSpec} from './http/options.ts'
import {iceSpec} from './ice/options.ts'
import {metricsSpec} from './metrics/options.ts'
import {defineProbe, type Probe} from './probe.ts'
import {prometheusSpec} from './prometheus/options.ts'
import {signalingSpec} from './signaling/options.ts'
import {socketioSpec} from './socketio/options.ts'
import {stunSpec} from './stun/options.ts'
import {turnSpec} from './turn/options.ts'
import {websocketSpec} from './websocket/options.ts'

/** Every kind of check: the only list of their names. What a probe is made of is loaded when it is configured. */
export const probes = {
  'alert-path': defineProbe(alertPathSpec, async () => (await import('./alert-path/alert-path.ts')).alertPath),
  alertmanager: defineProbe(
    alertmanagerSpec,
    async () => (await import('./alertmanager/alertmanager.ts')).alertmanager,
  ),
  call: defineProbe(callSpec, async () => (await import('./call/call.ts')).loadCall()),
  grafana: defineProbe(grafanaSpec, async () => (await import('./grafana/grafana.ts')).grafana),
  http: defineProbe(httpSpec, async () => (await import('./http/http.ts')).http),
  ice: defineProbe(iceSpec, async () => (await import('./ice/ice.ts')).loadIce()),
  metrics: defineProbe(metricsSpec, async () => (await import('./metrics/metrics.ts')).metrics),
  prometheus: defineProbe(prometheusSpec, async () => (await import('./prometheus/prometheus.ts')).prometheus),
  socketio: defineProbe(socketioSpec, async () => (await import('./socketio/socketio.ts')).socketio),
  signaling: defineProbe(signalingSpec, async (options) =>
    (await import('./signaling/signaling.ts')).loadSignaling(options),
  ),
  stun: defineProbe(stunSpec, async () => (await import('./stun/stun.ts')).stun),
  turn: defineProbe(turnSpec, async () => (await import('./turn/turn.ts')).turn),
  websocket: defineProbe(websocketSpec, async () => (await import('./websocket/websocket.ts')).websocket),
} as const satisfies Readonly<Record<string, Probe>>

/** The probe of a name that is known to be one: the config has checked it. */
export function probeNamed(name: string): Probe {
  const probe = (probes as Readonly<Record<string, Probe>>)[name]
  if (!probe) throw new Error(`no probe named ${name}`)
  return probe
}
