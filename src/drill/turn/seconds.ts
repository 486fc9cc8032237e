import type {RecordableHistogram} from 'node:perf_hooks'
import type {Tally} from '../../core/tally.ts'
import {measures} from '../../load/measures.ts'
import {tagOf} from '../../load/curve.ts'
import type {Workload} from '../../load/workload.ts'
import type {Second} from '../series.ts'
import type {FromThread, Told} from './messages.ts'
import {statistics} from './recording.ts'

type ToldSecond = Extract<FromThread, {say: 'second'}>

/** Puts the seconds of all threads together: a second is told when the last thread has told it. */
export function secondsOf(
  {phases, bounds}: Workload,
  threads: number,
): {add(index: number, told: ToldSecond): Second[]; readonly latest: readonly Told[]} {
  const waiting = new Map<number, {rtts: RecordableHistogram[]}>()
  const latest: Told[] = []
  const tags = [...new Set(phases.map(tagOf))]
  let before: ReadonlyMap<string, number> = new Map()
  let talliesBefore: ReadonlyMap<string, Tally> = new Map()
  return {
    latest,
    add(index, told) {
      latest[index] = told
      const {rtts} = waiting.get(told.second) ?? {rtts: []}
      rtts.push(told.rtt)
      waiting.set(told.second, {rtts})
      if (rtts.length < threads) return []
      waiting.delete(told.second)
      const sum = added(latest.map(({recording}) => recording.counters))
      const increase = new Map([...sum].map(([name, value]) => [name, value - (before.get(name) ?? 0)]))
      const tallies = new Map(bounds.map(({metric}) => [metric, tallyOf(metric)]))
      const share = new Map(
        [...tallies].flatMap(([metric, {good, total}]) => {
          const earlier = talliesBefore.get(metric) ?? {good: 0, total: 0}
          const events = total - earlier.total
          return events === 0 ? [] : [[metric, (good - earlier.good) / events] as const]
        }),
      )
      ;[before, talliesBefore] = [sum, tallies]
      const rtt = statistics(rtts)
      const trend = new Map(rtt ? [[measures.rttMs, rtt]] : [])
      return [{ms: told.second * 1000, increase, sum, share, trend}]
    },
  }

  function tallyOf(metric: string): Tally {
    const all = latest.flatMap(({recording}) =>
      tags.flatMap((tag) => recording.tallies.get(`${metric}{phase:${tag}}`) ?? []),
    )
    return {good: all.reduce((sum, {good}) => sum + good, 0), total: all.reduce((sum, {total}) => sum + total, 0)}
  }
}

function added(all: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const sum = new Map<string, number>()
  for (const counters of all) for (const [name, value] of counters) sum.set(name, (sum.get(name) ?? 0) + value)
  return sum
}
