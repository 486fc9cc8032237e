import {phaseAt, tagOf} from '../../src/load/curve.ts'
import {closeCodes, OTHER, refusalCodes} from '../../src/load/summary-parts.ts'
import * as metrics from '../init/metrics.ts'
import {workload} from '../init/workload.ts'
import {elapsed} from './clock.ts'
import {batchOf, current, flush, isEager, sample, type Batch, type PhaseTags} from './tallies.ts'
import {watchedBy, type Watched} from './watched.ts'

export {beEager, enterPhase, flush, flushAfter, type PhaseTags} from './tallies.ts'

const {carried, funnel, rttMs} = metrics
const dueElsewhere = batchOf([carried.events])
const missed = batchOf([carried.bad])
const roundTripsLost = batchOf([metrics.roundTripsLost])

const boundsOf = (indicator: string) => metrics.bounds.filter(({bound}) => bound.indicator === indicator)

/** One object for each tag, as every sample needs it. */
const tagged = new Map<string, PhaseTags>(workload.phases.map((phase) => [tagOf(phase), {phase: tagOf(phase)}]))

/** A time of the load with what its samples carry. */
interface TaggedPhase {
  readonly startMs: number
  readonly endMs: number
  readonly at: PhaseTags
}

const never: TaggedPhase = {startMs: 0, endMs: 0, at: {phase: 'none'}}
let last = never

/** Asked again and again, and nearly always about the same phase. */
export function taggedPhase(ms: number): TaggedPhase {
  if (ms >= last.startMs && ms < last.endMs) return last
  const phase = phaseAt(workload.phases, ms)
  if (!phase) return never
  last = {startMs: phase.startMs, endMs: phase.endMs, at: tagged.get(tagOf(phase)) ?? never.at}
  return last
}

export function phaseTags(ms = elapsed()): PhaseTags {
  return taggedPhase(ms).at
}

let begun = false

/** Counts this virtual user, once. */
export function vuStarted(): void {
  if (!begun) metrics.started.add(1)
  begun = true
}

/** What watches each indicator, with the count of its events. */
const watched = new Map<string, Watched & {readonly all: Batch}>()
for (const {indicator} of workload.bounds) {
  if (indicator === 'signaling_rtt' || watched.has(indicator)) continue
  const own = watchedBy(boundsOf(indicator))
  watched.set(indicator, {...own, all: batchOf(own.counters)})
}
/** Every round trip is an event of two indicators, and there is nothing of which there are more. */
const rtt = watchedBy(boundsOf('signaling_rtt'))
const operation = watched.get('operation')
const trips = batchOf([metrics.roundTrips, carried.events, ...rtt.counters, ...(operation?.counters ?? [])])
const tripSurelyBelow = Math.min(rtt.surelyBelow, operation?.surelyBelow ?? Infinity)

/** One event of an indicator, against every bound that watches it. */
export function event(indicator: string, ok: boolean, {at, value}: {at: PhaseTags; value?: number | undefined}): void {
  const watch = watched.get(indicator)
  watch?.all.add(1, at)
  watch?.blame(ok, at, value)
  if (ok && value !== undefined && indicator === 'match_latency') sample(metrics.matchMs, value, at)
}

/** A round trip of the timetable, which was sent; one that was lost has no value, and one that took longer is lost. */
export function roundTrip(at: PhaseTags, value?: number, timeoutMs = Infinity): void {
  if (trips.at === at) trips.kept++
  else trips.add(1, at)
  if (isEager) flush()
  let ms: number | undefined
  if (value !== undefined && value <= timeoutMs) {
    ms = value < 0 ? 0 : value
    if (at === current) rttMs.add(ms)
    else rttMs.add(ms, at)
    if (ms < tripSurelyBelow) return
  } else roundTripsLost.add(1, at)
  rtt.blame(ms !== undefined, at, ms)
  operation?.blame(ms !== undefined, at)
}

/** So many clients came so far. */
export function reached(stage: keyof typeof funnel, clients = 1): void {
  funnel[stage].add(clients)
}

export function socketOpened(ms: number): void {
  metrics.open.add(1)
  metrics.connectMs.add(ms, phaseTags())
}

/** `code` is undefined for a close of our own. */
export function socketClosed(code?: number): void {
  metrics.open.add(-1)
  if (code === undefined) return
  const text = String(code)
  metrics.closes.add(1, {...phaseTags(), code: closeCodes.includes(text) ? text : code >= 4000 ? '4xxx' : OTHER})
}

export function connectDone(kind: 'ws' | 'socket.io', ok: boolean): void {
  const at = phaseTags()
  metrics.connectOk.add(ok, at)
  metrics.limited.add(false, at)
  if (!ok) metrics.connectsFailed.add(1)
  event(kind === 'ws' ? 'websocket_handshake' : 'socketio_handshake', ok, {at})
}

export function sessionReady(ms: number): void {
  metrics.readyMs.add(ms, phaseTags())
}

/** A round trip that was due while there was no session to send it on. */
export function missedTrip(at: PhaseTags): void {
  missed.add(1, at)
  roundTrip(at)
}

/** Two of them were due while a session was on its way: only the latter is made. */
export function skippedTrip(at: PhaseTags): void {
  dueElsewhere.add(1, at)
  missed.add(1, at)
}

export function request(ms: number, ok: boolean, at: PhaseTags): void {
  metrics.requests.add(1, at)
  metrics.limited.add(false, at)
  if (ok) metrics.requestMs.add(ms, at)
  else metrics.requestsFailed.add(1)
}

/** A refusal by a rate limit says nothing of how fast the system is: it is counted apart. */
export function refusedByLimit(at: PhaseTags): void {
  metrics.limited.add(true, at)
}

export function refusal(status: number): void {
  const text = String(status)
  metrics.refusals.add(1, {...phaseTags(), code: refusalCodes.includes(text) ? text : OTHER})
}

const told = new Set<string>()

/** Counts a failure; the first of its code in each virtual user is told in words. */
export function failure(code: string, message: string): void {
  metrics.failures.add(1, {...phaseTags(), code})
  if (told.has(code)) return
  told.add(code)
  // eslint-disable-next-line no-console -- k6's log is the way to whoever started it
  console.warn(JSON.stringify({failure: code, message}))
}

/** A sample of lateness tells of so long: every answer's would cost as much as the answer. */
const LAG_MS = 100
/** When it is time to look how late an event is. */
export let lagDueAt = 0

/** How late this virtual user's loop is. */
export function lag(ms: number, now: number): void {
  sample(metrics.lagMs, Math.max(0, ms), phaseTags(now))
  lagDueAt = now + LAG_MS
}
