/**
 * Something about the prober itself, or about whom it asks, that makes its measurements doubtful: the answer to "is it
 * me?". `event_loop_lag` spoils latencies only; the others spoil everything.
 */
export interface Disturbance {
  readonly kind: 'event_loop_lag' | 'clock_skew' | 'offline' | 'interrupted' | 'no_answer'
  readonly message: string
}
