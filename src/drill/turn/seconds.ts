import type {RecordableHistogram} from 'node:perf_hooks'
import {measures, tallyMetrics} from '../../load/measures.ts'
import type {Second} from '../series.ts'
import type {FromThread, Told} from './messages.ts'
import {statistics} from './recording.ts'

export interface Seconds {
  /** The second that this completes, if it does. */
  add(index: number, told: Extract<FromThread, {say: 'second'}>): Second | undefined
  /** What each thread told last. */
  readonly latest: readonly Told[]
}

/** Puts the seconds of all threads together: a second is complete when the last thread has told it. */
export function secondsOf(threads: number): Seconds {
  const waiting = new Map<number, RecordableHistogram[]>()
  const latest: Told[] = []
  let before: ReadonlyMap<string, number> = new Map()
  return {
    latest,
    add(index, told) {
      latest[index] = told
      const rtts = [...(waiting.get(told.second) ?? []), told.rtt]
      waiting.set(told.second, rtts)
      if (rtts.length < threads) return undefined
      waiting.delete(told.second)
      const sum = countersOf(latest)
      const increase = new Map([...sum].map(([name, value]) => [name, value - (before.get(name) ?? 0)]))
      before = sum
      const rtt = statistics(rtts)
      return {ms: told.second * 1000, increase, sum, trend: new Map(rtt ? [[measures.rttMs, rtt]] : [])}
    },
  }
}

/** Counters of all threads and phases; tallies as the two counters of each. */
function countersOf(all: readonly Told[]): Map<string, number> {
  const sum = new Map<string, number>()
  const add = (name: string, value: number) => sum.set(name, (sum.get(name) ?? 0) + value)
  for (const {recording} of all) {
    for (const [name, value] of recording.counters) add(name, value)
    for (const [name, {good, total}] of recording.tallies) {
      const {events, bad} = tallyMetrics(name.replace(/\{.*$/, ''))
      add(events, total)
      add(bad, total - good)
    }
  }
  return sum
}
