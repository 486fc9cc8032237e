/** What only a load of relays measures; what it shares with the others has their names (`measures`). */
export const relayMeasures = {
  /** Counters: allocations that came so far. */
  connected: 'funnel_connect',
  challenged: 'funnel_challenge',
  allocated: 'funnel_allocate',
  permitted: 'funnel_permission',
  bound: 'funnel_channel',
  echoed: 'funnel_echo',
  /** Trend: interarrival jitter of RFC 3550 on the way out, of each call and second. */
  jitterMs: 'jitter_ms',
} as const
