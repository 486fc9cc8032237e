import {requestsOf} from '../dialect/plan.ts'
import type {LoadPhase} from '../load/curve.ts'
import type {AskedPace} from './pace.ts'
import type {Peak} from './peak.ts'
import type {AskedPackets} from './relay-size.ts'
import {durationOf, resourcesOf, type Means, type Resources} from './resources.ts'
import {scenarios, type Scenario, type ScenarioName} from './scenarios.ts'
import {sizeOf, type Sizing} from './sizing.ts'
import {targetsOf, type Subject} from './subject.ts'

/** What a drill will do, before it does anything. */
export interface DrillPlan {
  readonly profile: string
  readonly instance: string
  readonly scenario: ScenarioName
  readonly factor: number
  /** As they may be shown. */
  readonly targets: readonly string[]
  readonly sizing: Sizing
  readonly phases: readonly LoadPhase[]
  readonly durationMs: number
  readonly resources: Resources
}

export interface DrillRequest {
  readonly profile: string
  readonly instance: string
  readonly scenario: ScenarioName
  readonly factor: number
  readonly peak: Peak
  readonly subject: Subject
  readonly pace: AskedPace
  readonly socketsPerVu?: number | undefined
  readonly processes?: number | undefined
  readonly calibration?: Means['calibration']
  readonly intervalMs?: number | undefined
  readonly lifeMs?: number | undefined
  readonly polling?: number | undefined
  readonly packets?: AskedPackets | undefined
}

/** Sizes a drill and lays it out in time. Throws UserError. */
export function planDrill(request: DrillRequest): DrillPlan {
  const {profile, instance, scenario: name, factor, peak, subject, pace: asked} = request
  const scenario: Scenario = scenarios[name]
  const sizing = sizeOf({
    profile,
    peak,
    factor,
    kinds: scenario.kinds,
    clients: subject.sockets?.clients ?? 1,
    polling: request.polling,
    asked: subject.sockets && requestsOf(subject.sockets.options.dialect),
    intervalMs: request.intervalMs,
    lifeMs: request.lifeMs,
    packets: request.packets,
  })
  const pace = {...scenario.pace, ...rampOf(sizing), ...asked}
  const phases = scenario.phases(pace, factor > 1 ? 1 / factor : 0.5)
  return {
    profile,
    instance,
    scenario: name,
    factor,
    targets: targetsOf(subject).map(({display}) => display),
    sizing,
    phases,
    durationMs: durationOf(phases),
    resources: resourcesOf(sizing, phases, request),
  }
}

/** Sockets and calls are opened no faster than they are in the steady part. */
function rampOf({sockets, relays}: Sizing): {rampMs?: number} {
  if (relays) return {rampMs: relays.lifeMs}
  return sockets ? {rampMs: Math.round((sockets.connections / sockets.connectsPerSecond) * 1000)} : {}
}
