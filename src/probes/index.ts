import {alertPathSpec} from './alert-path/options.ts'
import {alertmanagerSpec} from './alertmanager/options.ts'
import {callSpec} from './call/options.ts'
import {grafanaSpec} from './grafana/options.ts'
import {httpSpec} from './http/options.ts'
import {iceSpec} from './ice/options.ts'
import {metricsSpec} from './metrics/options.ts'
import {prometheusSpec} from './prometheus/options.ts'
import {socketioSpec} from './socketio/options.ts'
import {signalingSpec} from './signaling/options.ts'
import {stunSpec} from './stun/options.ts'
import {turnSpec} from './turn/options.ts'
import {websocketSpec} from './websocket/options.ts'
import {defineProbe, type Probe} from './probe.ts'
import type {ProbeName} from './probe-named.ts'

/** Every kind of check, for who reads configuration: there any of them may be named. */
export const probes: Readonly<Record<ProbeName, Probe>> = {
  'alert-path': defineProbe(alertPathSpec),
  alertmanager: defineProbe(alertmanagerSpec),
  call: defineProbe(callSpec),
  grafana: defineProbe(grafanaSpec),
  http: defineProbe(httpSpec),
  ice: defineProbe(iceSpec),
  metrics: defineProbe(metricsSpec),
  prometheus: defineProbe(prometheusSpec),
  socketio: defineProbe(socketioSpec),
  signaling: defineProbe(signalingSpec),
  stun: defineProbe(stunSpec),
  turn: defineProbe(turnSpec),
  websocket: defineProbe(websocketSpec),
}
