import type {Indicator} from './event.ts'
import type {PrometheusSource, Unit} from './prometheus-source.ts'

/** `target`: the documented promise. `alert` and `page`: the documented thresholds whose crossing is a failure. */
export type Level = 'target' | 'alert' | 'page'

/** Which measurement can decide an objective. */
export type Source = 'probe' | 'drill' | 'prometheus' | 'metrics'

/**
 * One documented threshold, as a share of good events: "p95 < 200 ms" is `{share: 0.95, max: 200, strict: true}`.
 * An event is good when it succeeded and its value, where the bound names one, lies between `min` and `max`.
 */
export interface Bound {
  readonly level: Level
  /** 0..1 of the events that must be good. */
  readonly share: number
  readonly min?: number
  readonly max?: number
  /** The document's own sign (`<` instead of `<=`): on the value where the bound names one, else on the share. */
  readonly strict?: boolean
  /** How long the threshold must be crossed before Prometheus alerts, in milliseconds. */
  readonly forMs?: number
  /** The bound is broken by this many bad events running, whatever the share. */
  readonly consecutive?: number
  /** The document's own word. */
  readonly severity: string
  readonly runbook?: string
  /** One line for who is alerted; a bound without it wakes nobody. */
  readonly summary?: string
}

/** The share of good events that was promised (an SLO). */
export interface Objective {
  readonly id: string
  readonly indicator: Indicator
  /** What the document calls it, for people. */
  readonly title?: string
  /** The unit of the values and of the bounds' limits. */
  readonly unit?: Unit
  /** Restricts the objective to some checks; without it every check that owes the indicator is judged. */
  readonly of?: {readonly checks?: readonly string[]; readonly tags?: readonly string[]}
  readonly sources: readonly Source[]
  /** `events` happen; `slices` are levels (CPU, queue depth), one time step each. The arithmetic is the same. */
  readonly kind: 'events' | 'slices'
  /** A `load` objective says how much load there is: it is shown and never decides. */
  readonly role: 'promise' | 'load'
  readonly bounds: readonly Bound[]
  /** With fewer events the verdict is flagged, and inconclusive under `--strict`. */
  readonly minEvents: number
  /** How Prometheus measures it. */
  readonly prometheus?: PrometheusSource
  /** Over which time Prometheus judges it, in milliseconds, where nobody asks for another. */
  readonly windowMs?: number
  /** Why this stands here although the document does not say it. */
  readonly assumed?: string
}
