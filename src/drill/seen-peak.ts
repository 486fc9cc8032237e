import {UserError} from '../core/errors.ts'
import type {Objective} from '../core/objective.ts'
import type {Prometheus} from '../slo/prometheus/prometheus.ts'
import type {Dimension, Peak} from './peak.ts'

/** What of a profile's peak says how Prometheus knows it. */
export interface PeakQuery {
  readonly query?: string | undefined
  readonly query_of?: Exclude<Dimension, 'vus'> | undefined
}

/** Levels of load that objectives already have a query for. */
const levels: Readonly<Record<string, Dimension>> = {
  active_connections: 'connections',
  connect_rate: 'connects_per_second',
  message_rate: 'messages_per_second',
  request_rate: 'requests_per_second',
}

/** More points than this Prometheus does not give; between two of them the highest of each minute counts. */
const POINTS = 5000
const MINUTE_MS = 60_000

/** The highest load that Prometheus has seen in each dimension that the profile has a query for, and when. Throws UserError. */
export async function seenPeak(
  prometheus: Prometheus,
  {peak, objectives}: {peak: PeakQuery; objectives: readonly Objective[]},
  {to, overMs}: {to: number; overMs: number},
): Promise<Peak> {
  const queries = queriesOf(peak, objectives)
  if (queries.length === 0) {
    throw new UserError(
      '--peak-from prometheus: the profile has no query for its load',
      'write one to probe.yaml ("peak: {query: ..., query_of: connections}"), or give --peak',
    )
  }
  const stepMs = Math.max(MINUTE_MS, Math.ceil(overMs / POINTS / 1000) * 1000)
  const found = await Promise.all(
    queries.map(async ([dimension, query]) => {
      const highest = `max_over_time((${query})[${stepMs / 1000}s:${Math.min(MINUTE_MS, stepMs) / 1000}s])`
      const series = await prometheus.range(highest, {from: to - overMs, to, stepMs})
      const points = series.flatMap(({points: all}) => all).filter(([, value]) => value > 0 && value < Infinity)
      const [time, value] = points.reduce<readonly [number, number]>(
        (best, point) => (point[1] > best[1] ? point : best),
        [0, 0],
      )
      return value > 0 ? [[dimension, {value, source: `seen ${instant(time)}`}] as const] : []
    }),
  )
  if (found.flat().length > 0) return Object.fromEntries(found.flat())
  throw new UserError(`--peak-from prometheus: ${prometheus.display} has seen no load in this time`, 'see --over')
}

function queriesOf(
  {query, query_of: of}: PeakQuery,
  objectives: readonly Objective[],
): (readonly [Dimension, string])[] {
  const own = query !== undefined && of !== undefined ? [[of, inner(query)] as const] : []
  const loads = objectives.flatMap(({role, indicator, prometheus}) => {
    const dimension = levels[indicator]
    return role === 'load' && dimension && prometheus && 'level' in prometheus
      ? [[dimension, prometheus.level] as const]
      : []
  })
  return [...new Map([...loads, ...own])]
}

/** A query that looks back by itself would know the height of a peak, and not its time. */
function inner(query: string): string {
  return /^max_over_time\(\s*([^]+)\[[^\]]+\]\s*\)$/.exec(query.trim())?.[1] ?? query
}

function instant(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}
