import {Counter, Gauge, Rate, Trend} from 'k6/metrics'
import {measures, tallyMetrics} from '../../src/load/measures.ts'
import type {WatchedBound} from '../../src/load/workload.ts'
import {workload} from './workload.ts'

/** k6 knows only the metrics that were made while its script began. */
const counter = (name: string) => new Counter(name)
const rate = (name: string) => new Rate(name)
const trend = (name: string) => new Trend(name, true)

export const began = new Gauge(measures.beganAt)
export const open = counter(measures.open)
export const funnel = {
  asked: counter(measures.asked),
  dialled: counter(measures.dialled),
  upgraded: counter(measures.upgraded),
  engine: counter(measures.engine),
  namespace: counter(measures.namespace),
  joined: counter(measures.joined),
  matched: counter(measures.matched),
  answered: counter(measures.answered),
  ready: counter(measures.ready),
}
export const connectOk = rate(measures.connectOk)
export const connectsFailed = counter(measures.connectsFailed)
export const limited = rate(measures.limited)
export const carried = tally(measures.carried)
export const roundTrips = counter(measures.roundTrips)
export const roundTripsLost = counter(measures.roundTripsLost)
export const requests = counter(measures.requests)
export const requestsFailed = counter(measures.requestsFailed)
export const started = counter(measures.started)
export const failures = counter(measures.failures)
export const closes = counter(measures.closes)
export const refusals = counter(measures.refusals)
export const connectMs = trend(measures.connectMs)
export const readyMs = trend(measures.readyMs)
export const matchMs = trend(measures.matchMs)
export const rttMs = trend(measures.rttMs)
export const requestMs = trend(measures.requestMs)
export const lagMs = trend(measures.lagMs)

/** A bound with the tally of its events. */
export interface MeasuredBound extends Tally {
  readonly bound: WatchedBound
}

export const bounds: readonly MeasuredBound[] = workload.bounds.map((bound) => ({bound, ...tally(bound.metric)}))

interface Tally {
  readonly events: Counter
  readonly bad: Counter
}

function tally(name: string): Tally {
  const {events, bad} = tallyMetrics(name)
  return {events: counter(events), bad: counter(bad)}
}
