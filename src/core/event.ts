/** The name of a kind of event (an SLI), such as `signaling_rtt` or `turn_allocation`. */
export type Indicator = string

/** One thing that can be judged good or bad: a handshake, one ping, one allocation, one packet echoed. */
export interface Event {
  readonly indicator: Indicator
  readonly ok: boolean
  /** In the indicator's unit: milliseconds for latencies. */
  readonly value?: number
}

/** How many events of each indicator one attempt must deliver. What is missing when the target failed is bad. */
export type Owed = Readonly<Record<Indicator, number>>

/** The indicator that every attempt delivers by itself: good when the attempt succeeded, its value the total milliseconds. */
export const ATTEMPT: Indicator = 'attempt'
