import {defineProbe, type Probe} from './probe.ts'

/**
 * Every kind of check: the only list of their names. A run loads the options of the kinds that it needs, and what a
 * probe is made of when it is configured.
 */
export const kinds = {
  'alert-path': async () => {
    const {alertPathSpec} = await import('./alert-path/options.ts')
    return defineProbe(alertPathSpec, async () => (await import('./alert-path/alert-path.ts')).alertPath)
  },
  alertmanager: async () => {
    const {alertmanagerSpec} = await import('./alertmanager/options.ts')
    return defineProbe(alertmanagerSpec, async () => (await import('./alertmanager/alertmanager.ts')).alertmanager)
  },
  call: async () => {
    const {callSpec} = await import('./call/options.ts')
    return defineProbe(callSpec, async () => (await import('./call/call.ts')).loadCall())
  },
  grafana: async () => {
    const {grafanaSpec} = await import('./grafana/options.ts')
    return defineProbe(grafanaSpec, async () => (await import('./grafana/grafana.ts')).grafana)
  },
  http: async () => {
    const {httpSpec} = await import('./http/options.ts')
    return defineProbe(httpSpec, async () => (await import('./http/http.ts')).http)
  },
  ice: async () => {
    const {iceSpec} = await import('./ice/options.ts')
    return defineProbe(iceSpec, async () => (await import('./ice/ice.ts')).loadIce())
  },
  metrics: async () => {
    const {metricsSpec} = await import('./metrics/options.ts')
    return defineProbe(metricsSpec, async () => (await import('./metrics/metrics.ts')).metrics)
  },
  prometheus: async () => {
    const {prometheusSpec} = await import('./prometheus/options.ts')
    return defineProbe(prometheusSpec, async () => (await import('./prometheus/prometheus.ts')).prometheus)
  },
  socketio: async () => {
    const {socketioSpec} = await import('./socketio/options.ts')
    return defineProbe(socketioSpec, async () => (await import('./socketio/socketio.ts')).socketio)
  },
  signaling: async () => {
    const {signalingSpec} = await import('./signaling/options.ts')
    return defineProbe(signalingSpec, async (options) =>
      (await import('./signaling/signaling.ts')).loadSignaling(options),
    )
  },
  stun: async () => {
    const {stunSpec} = await import('./stun/options.ts')
    return defineProbe(stunSpec, async () => (await import('./stun/stun.ts')).stun)
  },
  turn: async () => {
    const {turnSpec} = await import('./turn/options.ts')
    return defineProbe(turnSpec, async () => (await import('./turn/turn.ts')).turn)
  },
  websocket: async () => {
    const {websocketSpec} = await import('./websocket/options.ts')
    return defineProbe(websocketSpec, async () => (await import('./websocket/websocket.ts')).websocket)
  },
} as const satisfies Readonly<Record<string, () => Promise<Probe>>>

export type ProbeName = keyof typeof kinds

/** The probe of a name that is known to be one: the config has checked it. */
export async function probeNamed(name: string): Promise<Probe> {
  const load = (kinds as Readonly<Record<string, () => Promise<Probe>>>)[name]
  if (!load) throw new Error(`no probe named ${name}`)
  return load()
}
