import type {Plan} from './config/plan.ts'
import {planDrill, type DrillPlan} from './drill/plan.ts'
import type {AskedPace} from './drill/pace.ts'
import {documentedPeak, givenPeak, type Peak} from './drill/peak.ts'
import type {AskedPackets} from './drill/relay-size.ts'
import type {Means} from './drill/resources.ts'
import {scenarios, type ScenarioName} from './drill/scenarios.ts'
import {refusePolling} from './drill/refuse-polling.ts'
import {subjectOf, type Subject} from './drill/subject.ts'

/** What the command line asks of a drill, whatever profile and config say. */
export interface DrillWishes {
  readonly scenario: ScenarioName
  readonly factor?: number | undefined
  readonly peak?: readonly string[] | undefined
  readonly pace: AskedPace
  readonly socketsPerVu?: number | undefined
  /** Of k6, side by side on this machine; one where none are given. */
  readonly processes?: number | undefined
  readonly calibration?: Means['calibration']
  readonly intervalMs?: number | undefined
  readonly lifeMs?: number | undefined
  /** The share of Socket.IO sessions that begin by polling. */
  readonly polling?: number | undefined
  readonly packets?: AskedPackets | undefined
}

/** The drill that profile, config and command line together describe. Throws UserError. */
export function drillOf(plan: Plan, wishes: DrillWishes, seen: Peak = {}): {plan: DrillPlan; subject: Subject} {
  const {scenario, factor = plan.peak?.factor ?? 2, peak = []} = wishes
  const subject = subjectOf(plan.checks, scenarios[scenario].kinds, plan.drill)
  if (wishes.polling !== undefined && wishes.polling > 0) refusePolling(subject)
  const {profile, instance} = plan
  const known = {...documentedPeak(plan.peak ?? {}), ...seen, ...givenPeak(peak)}
  return {plan: planDrill({...wishes, profile, instance, subject, factor, peak: known}), subject}
}
