import type {CarriedLoad, Counted, DrillEnd, Gate} from '../core/drill-result.ts'
import {judge} from '../core/judge.ts'
import type {Objective} from '../core/objective.ts'
import type {Tally} from '../core/tally.ts'
import type {CheckedVerdict} from '../core/verdict.ts'
import {JUDGED} from '../load/curve.ts'
import {boundMetric, measures} from '../load/measures.ts'
import type {Measured} from './measured.ts'

export interface DrillEvidence {
  readonly scenario: string
  readonly target: string
  /** Undefined when the generator did not live to tell. */
  readonly measured: Measured | undefined
  readonly loads: readonly CarriedLoad[]
  /** The most frequent first. */
  readonly failures: readonly Counted[]
  readonly gates: readonly Gate[]
  readonly end: DrillEnd
  readonly limited: number | null
  readonly strict: boolean
}

/** Requests that a limit may refuse before the drill measures the limit and not the system. */
const LIMITED_SHARE = 0.01
/** Load that must have been carried, of what was planned. */
const CARRIED_SHARE = 0.95

/** Judges the tallies of the judged phases: the profile's objectives, and that the load was carried at all. */
export function drillVerdicts(objectives: readonly Objective[], evidence: DrillEvidence): CheckedVerdict[] {
  const {measured, loads} = evidence
  const promised = objectives.map((objective) => {
    const tallies = objective.bounds.map(
      ({level}) => measured?.rate(`${boundMetric(objective.id, level)}{phase:${JUDGED}}`) ?? {good: 0, total: 0},
    )
    return verdictOf(objective, tallies, evidence)
  })
  const carried = loads.map((load) => verdictOf(carriedObjective(load), [tallyOf(load)], evidence))
  return [...promised, ...carried.map((verdict) => withCause(verdict, evidence))]
}

/** What most kept the load from being carried. */
function withCause(verdict: CheckedVerdict, {failures: [most]}: DrillEvidence): CheckedVerdict {
  if (verdict.status !== 'fail' || verdict.why !== undefined || !most) return verdict
  const {code, count, message} = most
  return {...verdict, why: `${count} x ${code}${message === undefined ? '' : `: ${message}`}`}
}

function verdictOf(objective: Objective, tallies: readonly Tally[], evidence: DrillEvidence): CheckedVerdict {
  const {target, scenario, measured, strict} = evidence
  const verdict = judge(objective, {target, source: 'drill', tallies}, strict)
  const doubt = doubtIn(evidence, verdict.status === 'fail' && objective.kind === 'events')
  const {status, why} = doubt ? {status: 'inconclusive' as const, why: doubt} : verdict
  const promise = objective.bounds.find(({level}) => level === 'target') ?? objective.bounds[0]
  const trend = trendOf(objective.indicator)
  const value =
    promise && trend ? measured?.trend(`${trend}{phase:${JUDGED}}`)?.[`p(${promise.share * 100})`] : undefined
  const runbook = [...verdict.bounds].reverse().find((bound) => bound.runbook)?.runbook
  return {
    ...verdict,
    status,
    title: objective.title ?? objective.id,
    checks: [scenario],
    indicator: objective.indicator,
    measured: value === undefined || objective.unit === undefined ? null : {value, unit: objective.unit},
    ...(why && {why}),
    ...(status !== 'pass' && runbook && {runbook}),
  }
}

/** The Trend that shows how the values of an indicator spread. */
export function trendOf(indicator: string): string | undefined {
  return trends[indicator]
}

const trends: Readonly<Record<string, string>> = {
  signaling_rtt: measures.rttMs,
  match_latency: measures.matchMs,
  health: measures.requestMs,
  turn_allocation: measures.connectMs,
  turn_echo: measures.rttMs,
}

/**
 * Why a verdict cannot be trusted. A generator that is not healthy explains anything; a drill that was stopped cannot
 * vouch for what it did not do, but what it saw to be bad stays bad.
 */
function doubtIn({gates, end, limited, measured}: DrillEvidence, seenBad: boolean): string | undefined {
  if (!measured) return end.kind === 'completed' ? 'the generator left no summary' : end.message
  const unhealthy = gates.find(({ok}) => !ok)
  if (unhealthy) return `the generator is not to be believed: ${unhealthy.message}`
  if (limited !== null && limited > LIMITED_SHARE) {
    return `the limiter refuses this generator (${Math.round(limited * 100)} %): allow-list it, or spread it with --k6-arg=--local-ips=…`
  }
  const stopped = end.kind !== 'completed' && end.kind !== 'aborted'
  return stopped && !seenBad ? end.message : undefined
}

function tallyOf({planned, achieved}: CarriedLoad): Tally {
  return {good: Math.min(planned, achieved), total: planned}
}

const planned = {
  requests: 'requests were made',
  round_trips: 'sessions were held',
  packets: 'calls were held',
} as const satisfies Readonly<Record<CarriedLoad['kind'], string>>

/** Load that a healthy generator could not bring in was refused, dropped or too slow: the system's fault. */
function carriedObjective({kind}: CarriedLoad): Objective {
  return {
    id: kind === 'requests' ? 'requests-carried' : 'sessions-carried',
    title: `The planned ${planned[kind]}`,
    indicator: measures.carried,
    sources: ['drill'],
    kind: 'slices',
    role: 'promise',
    bounds: [{level: 'alert', share: CARRIED_SHARE, severity: 'critical'}],
    minEvents: 1,
    assumed: `a drill that brings in less than ${CARRIED_SHARE * 100} % of its plan has not tried the system with it`,
  }
}
