import {isJsonObject} from '../../core/json.ts'
import {measures} from '../../load/measures.ts'
import type {Second} from '../series.ts'

type Aggregates = Readonly<Record<string, readonly string[]>>

const SECOND_MS = 1000
const SHORT_MS = 600_000
const LONGEST_PERIOD_MS = 10_000

/**
 * How often k6 is to write into its record. Each time it sorts every value that it ever measured, which takes half a core
 * of a drill that has lasted for an hour: the longer a drill, the more seldom.
 */
export function recordPeriodMs(durationMs: number): number {
  return Math.min(LONGEST_PERIOD_MS, Math.max(SECOND_MS, Math.ceil(durationMs / SHORT_MS) * SECOND_MS))
}

/**
 * Reads the record of k6's web dashboard as it grows: events as lines of JSON, whose numbers stand in the order of the
 * names of all metrics known so far. What it does not understand it leaves out: a later k6 may say it otherwise.
 * Seconds count from the begin of the load, which the scenario tells: k6 writes from before it makes its virtual users.
 * Of a long drill it tells some seconds at once.
 */
export function recordReader(): (text: string) => Second[] {
  const types = new Map<string, string>()
  let aggregates: Aggregates = {}
  let sums: ReadonlyMap<string, number> = new Map()
  let periodMs = SECOND_MS
  let beganAt: number | undefined
  /** Seconds that were told before the begin was, with their end by the wall clock. */
  let waiting: Second[] = []
  let rest = ''

  const columns = (data: unknown): (readonly [string, string, Readonly<Record<string, number>>])[] => {
    if (!Array.isArray(data)) return []
    return [...types.keys()].sort().flatMap((name, index) => {
      const type = types.get(name) ?? ''
      const values = data[index] as unknown
      if (!Array.isArray(values)) return []
      const named = (aggregates[type] ?? []).map((aggregate, at) => [aggregate, Number(values[at] ?? Number.NaN)])
      return [[name, type, Object.fromEntries(named) as Readonly<Record<string, number>>] as const]
    })
  }
  const read = ({event, data}: Partial<Record<string, unknown>>): Second[] => {
    if (event === 'param' && isJsonObject(data)) {
      aggregates = {...(data.aggregates as Aggregates)}
      const told = Number(data.period) // k6 makes it longer where it finds it too short
      periodMs = told > SECOND_MS ? told : SECOND_MS
    }
    if (event === 'metric' && isJsonObject(data)) {
      for (const [name, metric] of Object.entries(data))
        if (isJsonObject(metric) && typeof metric.type === 'string') types.set(name, metric.type)
    }
    if (event === 'cumulative') sums = countsIn(columns(data))
    if (event !== 'snapshot') return []
    const all = columns(data)
    const gauge = (name: string) => all.find((one) => one[0] === name)?.[2].value
    const at = gauge('time')
    if (at === undefined) return []
    beganAt ??= gauge(measures.beganAt)
    const trend = new Map(
      all
        .filter(([, type, values]) => type === 'trend' && !Object.values(values).some(Number.isNaN))
        .map(([name, , values]) => [name, values]),
    )
    waiting.push(...secondsOf({ms: at, increase: countsIn(all), sum: sums, trend}, periodMs))
    if (beganAt === undefined) return []
    const begin = beganAt
    const told = waiting.map((second) => ({...second, ms: second.ms - begin})).filter(({ms}) => ms > 0)
    waiting = []
    return told
  }
  return (text) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    return lines.flatMap((line) => {
      try {
        const value: unknown = JSON.parse(line)
        return isJsonObject(value) ? read(value) : []
      } catch {
        return []
      }
    })
  }
}

/** A time of several seconds as each of them: what happened in it is spread evenly. */
function secondsOf(period: Second, periodMs: number): Second[] {
  const seconds = Math.round(periodMs / SECOND_MS)
  const increase = new Map([...period.increase].map(([name, count]) => [name, count / seconds]))
  return Array.from({length: seconds}, (_, index) => ({
    ...period,
    ms: period.ms - (seconds - 1 - index) * SECOND_MS,
    increase,
  }))
}

/** What had no sample in this time stands there as null. */
function countsIn(
  columns: readonly (readonly [string, string, Readonly<Record<string, number>>])[],
): Map<string, number> {
  return new Map(
    columns.flatMap(([name, type, {count}]) =>
      type !== 'counter' || count === undefined || Number.isNaN(count) ? [] : [[name, count] as const],
    ),
  )
}
