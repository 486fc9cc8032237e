import type {Quantiles, SeriesPoint} from '../core/drill-result.ts'
import {phaseAt, shareAt} from '../load/curve.ts'
import {measures, tallyMetrics} from '../load/measures.ts'
import type {Workload} from '../load/workload.ts'

/** What was measured in one second: a counter's increase and sum, a trend's statistics. */
export interface Second {
  /** Milliseconds after the load began. */
  readonly ms: number
  /** By the metric's name. */
  readonly increase: ReadonlyMap<string, number>
  readonly sum: ReadonlyMap<string, number>
  readonly trend: ReadonlyMap<string, Readonly<Record<string, number>>>
}

/** What a second, and the generator's process in it, says of the drill. */
export interface Moment {
  readonly second: Second
  readonly cpu: number | null
  readonly memoryBytes: number | null
}

/** One point of the series. Rates are those of the second. */
export function pointOf(workload: Workload, {second, cpu, memoryBytes}: Moment): SeriesPoint {
  const {phases, bounds} = workload
  const {ms} = second
  const increase = (name: string) => second.increase.get(name) ?? 0
  const connects = increase(workload.sockets?.dialect.before.length ? measures.asked : measures.dialled)
  const events = increase(measures.roundTrips) + connects + increase(measures.requests)
  const failed =
    increase(measures.roundTripsLost) + increase(measures.connectsFailed) + increase(measures.requestsFailed)
  const within = bounds.flatMap(({metric}) => {
    const {events: all, bad} = tallyMetrics(metric)
    const total = increase(all)
    return total === 0 ? [] : [[metric, 1 - increase(bad) / total] as const]
  })
  const rtt = quantilesOf(second, measures.rttMs)
  const request = quantilesOf(second, measures.requestMs)
  return {
    ms,
    leftMs: Math.max(0, (phases.at(-1)?.endMs ?? 0) - ms),
    phase: phaseAt(phases, ms)?.name ?? '',
    plannedSockets: plannedSockets(workload, ms),
    openSockets: second.sum.get(measures.open) ?? 0,
    roundTrips: increase(measures.roundTrips),
    connects,
    requests: increase(measures.requests),
    errors: events === 0 ? null : Math.min(1, failed / events),
    within: Object.fromEntries(within),
    ...(rtt && {rtt}),
    ...(request && {request}),
    cpu,
    memoryBytes,
  }
}

function plannedSockets({phases, sockets, relays}: Workload, ms: number): number {
  const [sessions, clients] = sockets ? [sockets.sessions, sockets.clients] : [relays?.calls ?? 0, 2]
  return Math.round(shareAt(phases, ms) * sessions) * clients
}

function quantilesOf({trend}: Second, name: string): Quantiles | undefined {
  const {med, max, 'p(95)': p95, 'p(99)': p99} = trend.get(name) ?? {}
  if (med === undefined || max === undefined || p95 === undefined || p99 === undefined) return undefined
  return {p50: med, p95, p99, max}
}
