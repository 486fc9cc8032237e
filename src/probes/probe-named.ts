import {defineProbe, type Probe} from './probe.ts'

/**
 * Every kind of check: the only list of their names. A run loads the options of the kinds that it needs, and what a
 * probe is made of when it is configured.
 */
const kinds = {
  'alert-path': async () => defineProbe((await import('./alert-path/options.ts')).alertPathSpec),
  alertmanager: async () => defineProbe((await import('./alertmanager/options.ts')).alertmanagerSpec),
  call: async () => defineProbe((await import('./call/options.ts')).callSpec),
  grafana: async () => defineProbe((await import('./grafana/options.ts')).grafanaSpec),
  http: async () => defineProbe((await import('./http/options.ts')).httpSpec),
  ice: async () => defineProbe((await import('./ice/options.ts')).iceSpec),
  metrics: async () => defineProbe((await import('./metrics/options.ts')).metricsSpec),
  prometheus: async () => defineProbe((await import('./prometheus/options.ts')).prometheusSpec),
  socketio: async () => defineProbe((await import('./socketio/options.ts')).socketioSpec),
  signaling: async () => defineProbe((await import('./signaling/options.ts')).signalingSpec),
  stun: async () => defineProbe((await import('./stun/options.ts')).stunSpec),
  turn: async () => defineProbe((await import('./turn/options.ts')).turnSpec),
  websocket: async () => defineProbe((await import('./websocket/options.ts')).websocketSpec),
} as const satisfies Readonly<Record<string, () => Promise<Probe>>>

export type ProbeName = keyof typeof kinds

/** The probe of a name that is known to be one: the config has checked it. */
export async function probeNamed(name: string): Promise<Probe> {
  const load = (kinds as Readonly<Record<string, () => Promise<Probe>>>)[name]
  if (!load) throw new Error(`no probe named ${name}`)
  return load()
}
