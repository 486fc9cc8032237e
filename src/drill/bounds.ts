import type {Objective} from '../core/objective.ts'
import {boundMetric} from '../load/measures.ts'
import type {WatchedBound} from '../load/workload.ts'
import type {LoadKind} from './scenarios.ts'
import type {Subject} from './subject.ts'

/** The indicators that a load can decide. A drill times every request, whatever check an objective names. */
export function indicatorsOf(kinds: readonly LoadKind[], {sockets}: Subject): ReadonlySet<string> {
  const dialect = sockets?.options.dialect
  return new Set([
    ...(kinds.includes('requests') ? ['health', 'http_request', 'rate_limited_request'] : []),
    ...(kinds.includes('relays') ? ['turn_allocation', 'turn_echo'] : []),
    ...(dialect ? ['signaling_rtt', 'operation'] : []),
    ...(dialect?.match ? ['match_latency'] : []),
    ...(dialect?.handover ? ['offer_answer'] : []),
    ...(dialect ? [dialect.transport.kind === 'socket.io' ? 'socketio_handshake' : 'websocket_handshake'] : []),
  ])
}

/** The objectives that a drill decides. Levels of load are shown by its plan, and convict nobody at twice the peak. */
export function drillObjectives(objectives: readonly Objective[], indicators: ReadonlySet<string>): Objective[] {
  return objectives.filter(
    ({sources, indicator, role}) => role === 'promise' && sources.includes('drill') && indicators.has(indicator),
  )
}

/** One tally for each bound. Of bad events running none can tell: those bounds are the probes' to judge. */
export function watchedBounds(objectives: readonly Objective[]): WatchedBound[] {
  return objectives.flatMap(({id, indicator, bounds}) =>
    bounds.map(({level, min, max, strict}) => ({
      metric: boundMetric(id, level),
      indicator,
      ...(min !== undefined && {min}),
      ...(max !== undefined && {max}),
      ...(strict !== undefined && {strict}),
    })),
  )
}
