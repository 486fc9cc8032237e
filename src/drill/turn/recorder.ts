import type {RecordableHistogram} from 'node:perf_hooks'
import {isGood} from '../../core/tally.ts'
import {phaseAt, tagOf, type LoadPhase} from '../../load/curve.ts'
import {measures} from '../../load/measures.ts'
import type {WatchedBound} from '../../load/workload.ts'
import {newHistogram, recordMs, type Recording} from './recording.ts'

interface Count {
  good: number
  total: number
}

/** Where the measurements of one phase go; looked up once for many. */
export interface PhaseMarks {
  readonly tag: string
  readonly carried: Count
  readonly rtt: RecordableHistogram
  readonly lag: RecordableHistogram
  readonly bounds: ReadonlyMap<string, readonly {readonly bound: WatchedBound; readonly count: Count}[]>
}

/** Counts what happens in one thread. */
export class Recorder implements Recording {
  readonly counters = new Map<string, number>()
  readonly tallies = new Map<string, Count>()
  readonly trends = new Map<string, RecordableHistogram>()
  /** The first message of each failure code. */
  readonly failures = new Map<string, string>()
  /** Round trips of the current second. */
  secondRtt = newHistogram()
  readonly #phases: readonly LoadPhase[]
  readonly #marks: ReadonlyMap<LoadPhase, PhaseMarks>

  constructor(phases: readonly LoadPhase[], bounds: readonly WatchedBound[]) {
    this.#phases = phases
    this.#marks = new Map(phases.map((phase) => [phase, this.#marksOf(tagOf(phase), bounds)]))
  }

  marksAt(ms: number): PhaseMarks {
    const phase = phaseAt(this.#phases, ms)
    const marks = phase && this.#marks.get(phase)
    if (!marks) throw new Error('expected a drill of at least one phase, got none')
    return marks
  }

  count(name: string, by = 1): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + by)
  }

  tally(name: string, good: boolean): void {
    const count = this.#tallyOf(name)
    count.total++
    if (good) count.good++
  }

  trend(name: string, ms: number): void {
    recordMs(this.#trendOf(name), ms)
  }

  /** One event of an indicator, against every bound that watches it. */
  event(indicator: string, value: number | undefined, {bounds}: PhaseMarks): void {
    const event = value === undefined ? {indicator, ok: false} : {indicator, ok: true, value}
    for (const {bound, count} of bounds.get(indicator) ?? []) {
      count.total++
      if (isGood(event, bound)) count.good++
    }
  }

  /** How late a packet was sent. */
  late(ms: number, {lag}: PhaseMarks): void {
    recordMs(lag, ms)
  }

  /** A packet that came back, or never did. */
  packet(rttMs: number | undefined, marks: PhaseMarks): void {
    this.count(measures.roundTrips)
    if (rttMs === undefined) this.count(measures.roundTripsLost)
    else {
      recordMs(marks.rtt, rttMs)
      recordMs(this.secondRtt, rttMs)
    }
    this.event('turn_echo', rttMs, marks)
  }

  failure(code: string, message: string): void {
    this.count(`${measures.failures}{code:${code}}`)
    if (!this.failures.has(code)) this.failures.set(code, message)
  }

  #marksOf(tag: string, bounds: readonly WatchedBound[]): PhaseMarks {
    const watched = bounds.map((bound) => ({bound, count: this.#tallyOf(`${bound.metric}{phase:${tag}}`)}))
    return {
      tag,
      carried: this.#tallyOf(`${measures.carried}{phase:${tag}}`),
      rtt: this.#trendOf(`${measures.rttMs}{phase:${tag}}`),
      lag: this.#trendOf(`${measures.lagMs}{phase:${tag}}`),
      bounds: Map.groupBy(watched, ({bound}) => bound.indicator),
    }
  }

  #tallyOf(name: string): Count {
    const known = this.tallies.get(name) ?? {good: 0, total: 0}
    this.tallies.set(name, known)
    return known
  }

  #trendOf(name: string): RecordableHistogram {
    const known = this.trends.get(name) ?? newHistogram()
    this.trends.set(name, known)
    return known
  }
}
