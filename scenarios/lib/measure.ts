import {Counter, Rate, Trend} from 'k6/metrics'
import {isGood} from '../../src/core/tally.ts'
import {phaseAt, tagOf} from '../../src/load/curve.ts'
import {closeCodes, measures, OTHER, refusalCodes} from '../../src/load/measures.ts'
import {elapsed} from './clock.ts'
import {workload} from './workload.ts'

/** Samples carry the phase in which what they tell of was due. */
export type PhaseTags = Readonly<Record<'phase', string>>

const counter = (name: string) => new Counter(name)
const trend = (name: string) => new Trend(name, true)

const open = counter(measures.open)
const funnel = {
  dialled: counter(measures.dialled),
  upgraded: counter(measures.upgraded),
  engine: counter(measures.engine),
  namespace: counter(measures.namespace),
  joined: counter(measures.joined),
  matched: counter(measures.matched),
  answered: counter(measures.answered),
  ready: counter(measures.ready),
}
const connectOk = new Rate(measures.connectOk)
const connectsFailed = counter(measures.connectsFailed)
const limited = new Rate(measures.limited)
const carried = new Rate(measures.carried)
const roundTrips = counter(measures.roundTrips)
const roundTripsLost = counter(measures.roundTripsLost)
const requests = counter(measures.requests)
const requestsFailed = counter(measures.requestsFailed)
const started = counter(measures.started)
const failures = counter(measures.failures)
const closes = counter(measures.closes)
const refusals = counter(measures.refusals)
const connectMs = trend(measures.connectMs)
const readyMs = trend(measures.readyMs)
const matchMs = trend(measures.matchMs)
const rttMs = trend(measures.rttMs)
const requestMs = trend(measures.requestMs)
const lagMs = trend(measures.lagMs)
const trends: Readonly<Record<string, Trend>> = {signaling_rtt: rttMs, match_latency: matchMs}

/** The Rates of the bounds, by the indicator that they watch. */
const watched = new Map<string, {readonly rate: Rate; readonly bound: (typeof workload.bounds)[number]}[]>()
for (const bound of workload.bounds) {
  const list = watched.get(bound.indicator) ?? []
  watched.set(bound.indicator, [...list, {rate: new Rate(bound.metric), bound}])
}

/** One object for each phase, as every sample needs it. */
const tags = new Map<string, PhaseTags>(workload.phases.map((phase) => [phase.name, {phase: tagOf(phase)}]))
const none: PhaseTags = {phase: 'none'}

export function phaseTags(ms = elapsed()): PhaseTags {
  const phase = phaseAt(workload.phases, ms)
  return (phase && tags.get(phase.name)) ?? none
}

let begun = false

/** Counts this virtual user, once. */
export function vuStarted(): void {
  if (!begun) started.add(1)
  begun = true
}

/** One event of an indicator, against every bound that watches it. */
export function event(indicator: string, ok: boolean, {at, value}: {at: PhaseTags; value?: number | undefined}): void {
  const told = value === undefined ? {indicator, ok} : {indicator, ok, value}
  for (const {rate, bound} of watched.get(indicator) ?? []) rate.add(isGood(told, bound), at)
  if (ok && value !== undefined) trends[indicator]?.add(value, at)
}

/** So many clients came so far. */
export function reached(stage: keyof typeof funnel, clients = 1): void {
  funnel[stage].add(clients)
}

export function socketOpened(ms: number): void {
  open.add(1)
  connectMs.add(ms, phaseTags())
}

/** `code` is undefined for a close of our own. */
export function socketClosed(code?: number): void {
  open.add(-1)
  if (code === undefined) return
  const text = String(code)
  closes.add(1, {...phaseTags(), code: closeCodes.includes(text) ? text : code >= 4000 ? '4xxx' : OTHER})
}

export function connectDone(ok: boolean): void {
  const at = phaseTags()
  connectOk.add(ok, at)
  limited.add(false, at)
  if (!ok) connectsFailed.add(1)
}

export function sessionReady(ms: number): void {
  readyMs.add(ms, phaseTags())
}

/** What the timetable had due: sent, or not because there was no session to send it on. */
export function slot(sent: boolean, at: PhaseTags): void {
  carried.add(sent, at)
}

export function roundTrip(ok: boolean, at: PhaseTags): void {
  roundTrips.add(1, at)
  if (!ok) roundTripsLost.add(1, at)
}

export function request(ms: number, ok: boolean, at: PhaseTags): void {
  requests.add(1, at)
  limited.add(false, at)
  if (ok) requestMs.add(ms, at)
  else requestsFailed.add(1)
}

/** A refusal by a rate limit says nothing of how fast the system is: it is counted apart. */
export function refusedByLimit(at: PhaseTags): void {
  limited.add(true, at)
}

export function refusal(status: number): void {
  const text = String(status)
  refusals.add(1, {...phaseTags(), code: refusalCodes.includes(text) ? text : OTHER})
}

const told = new Set<string>()

/** Counts a failure; the first of its code in each virtual user is told in words. */
export function failure(code: string, message: string): void {
  failures.add(1, {...phaseTags(), code})
  if (told.has(code)) return
  told.add(code)
  // eslint-disable-next-line no-console -- k6's log is the way to whoever started it
  console.warn(JSON.stringify({failure: code, message}))
}

/** How late this virtual user's loop is. */
export function lag(ms: number): void {
  lagMs.add(Math.max(0, ms), phaseTags())
}
