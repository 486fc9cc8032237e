import {isJsonObject} from '../../core/json.ts'
import {measures} from '../../load/measures.ts'
import type {Second} from '../series.ts'

type Aggregates = Readonly<Record<string, readonly string[]>>

/**
 * Reads the record of k6's web dashboard as it grows: events as lines of JSON, whose numbers stand in the order of the
 * names of all metrics known so far. What it does not understand it leaves out: a later k6 may say it otherwise.
 * Seconds count from the begin of the load, which the scenario tells: k6 writes from before it makes its virtual users.
 */
export function recordReader(): (text: string) => Second[] {
  const types = new Map<string, string>()
  let aggregates: Aggregates = {}
  let sums: ReadonlyMap<string, number> = new Map()
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
    if (event === 'param' && isJsonObject(data)) aggregates = {...(data.aggregates as Aggregates)}
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
    waiting.push({ms: at, increase: countsIn(all), sum: sums, trend})
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

/** What had no sample in this second stands there as null. */
function countsIn(
  columns: readonly (readonly [string, string, Readonly<Record<string, number>>])[],
): Map<string, number> {
  return new Map(
    columns.flatMap(([name, type, {count}]) =>
      type !== 'counter' || count === undefined || Number.isNaN(count) ? [] : [[name, count] as const],
    ),
  )
}
