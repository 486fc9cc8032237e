/**
 * Something about the prober itself that makes its measurements doubtful: the answer to "is it me?".
 * `event_loop_lag` spoils latencies only; the others spoil everything.
 */
export interface Disturbance {
  readonly kind: 'event_loop_lag' | 'clock_skew' | 'offline' | 'interrupted'
  readonly message: string
}
