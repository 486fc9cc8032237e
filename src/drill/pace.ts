/** How long the parts of a drill take, in milliseconds. What a scenario does not use has no effect. */
export interface Pace {
  readonly warmUpMs: number
  readonly rampMs: number
  readonly steadyMs: number
  readonly downMs: number
  /** How long the ordinary load is held before a spike or an outage. */
  readonly holdMs: number
  /** How long nobody is connected, before all come back. */
  readonly outageMs: number
  /** How fast a spike rises, and how fast all come back after an outage. */
  readonly surgeMs: number
  readonly stepMs: number
  readonly steps: number
}

/** What the command line says of it. The ramp follows from the connect rate, where nobody says otherwise. */
export type AskedPace = Readonly<Partial<Pace>>

const MINUTE = 60_000

export const usualPace: Pace = {
  warmUpMs: 10_000,
  rampMs: MINUTE,
  steadyMs: 5 * MINUTE,
  downMs: 10_000,
  holdMs: MINUTE,
  outageMs: 10_000,
  surgeMs: 5000,
  stepMs: MINUTE,
  steps: 8,
}
