/**
 * The names of what a scenario measures, as k6, its outputs and our report know them. Every virtual user of k6 holds this
 * file: it imports nothing.
 */
export const measures = {
  /** Counter, +1 and -1: a Gauge cannot be added up over virtual users. */
  open: 'open_sockets',
  /** Counters: clients that came so far. Those of a dialect with requests before its sockets begin with asking. */
  asked: 'funnel_asked',
  dialled: 'funnel_dialled',
  upgraded: 'funnel_upgraded',
  engine: 'funnel_engine_open',
  namespace: 'funnel_namespace',
  joined: 'funnel_joined',
  matched: 'funnel_matched',
  answered: 'funnel_answered',
  ready: 'funnel_ready',
  /** Rate: connections that came about, the namespace included. */
  connectOk: 'connect_ok',
  connectsFailed: 'connects_failed',
  /** Rate: connects and requests that a rate limit refused. */
  limited: 'rate_limited',
  /** Tally over the timetable: what was sent of what was due. */
  carried: 'load_carried',
  roundTrips: 'round_trips',
  roundTripsLost: 'round_trips_lost',
  requests: 'load_requests',
  requestsFailed: 'load_requests_failed',
  /** Gauge: when the load began, in epoch milliseconds. */
  beganAt: 'began_at',
  /** Counter: virtual users that began. k6 2.2 reports success when one could not. */
  started: 'vus_started',
  /** Counters with a tag `code`. */
  failures: 'failures',
  closes: 'unexpected_close',
  refusals: 'refusals',
  /** Trends, for display: verdicts come from the tallies of the bounds. */
  connectMs: 'connect_ms',
  /** From the dial, or the requests before it, to the first round trip that could be made. */
  readyMs: 'ready_ms',
  matchMs: 'match_ms',
  rttMs: 'rtt_ms',
  requestMs: 'request_ms',
  /** How late the generator's own loop was. */
  lagMs: 'generator_lag_ms',
} as const

/**
 * The two Counters of a tally: all events, and those that were not good. A Rate takes a sample for every event, which
 * costs k6 more than the round trip that it tells of; a Counter takes those of a second at once.
 */
export function tallyMetrics(name: string): {readonly events: string; readonly bad: string} {
  return {events: `${name}_events`, bad: `${name}_bad`}
}

/** The tally of one bound of an objective. */
export function boundMetric(objective: string, level: string): string {
  return `slo_${objective.replaceAll(/[^A-Za-z0-9]/g, '_')}_${level}`
}
