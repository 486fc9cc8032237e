import type {Objective} from '../../core/objective.ts'
import type {PrometheusSource} from '../../core/prometheus-source.ts'
import type {Tally} from '../../core/tally.ts'
import type {Prometheus} from '../prometheus/prometheus.ts'

export type Answerable = Objective & {readonly prometheus: PrometheusSource}

/** What is asked of Prometheus about one objective. Times are epoch milliseconds. */
export interface Question<Source extends PrometheusSource = PrometheusSource> {
  readonly objective: Objective & {readonly prometheus: Source}
  readonly from: number
  readonly to: number
  /** The time step of levels: how often the system is scraped. */
  readonly stepMs: number
  /** The families that the profile promises. */
  readonly promised: ReadonlySet<string>
}

/** What Prometheus knows of one objective on one target. */
export interface Finding {
  readonly target: string
  /** One for each bound, in its order. One without events was not measured. */
  readonly tallies: readonly Tally[]
  /** The value at the promised share, in the objective's unit, for display. */
  readonly value?: number | undefined
  readonly notes: readonly string[]
  /** Why some bound has no tally, or why none can be trusted. */
  readonly unknown?: string | undefined
  /** Nothing can be judged, whatever the tallies say. */
  readonly doubtful?: boolean
}

export type Measure<Source extends PrometheusSource> = (
  prometheus: Prometheus,
  question: Question<Source>,
) => Promise<readonly Finding[]>

/** Nothing is known of this objective. */
export function nothing({objective}: Question, target: string, unknown: string): Finding {
  return {target, tallies: objective.bounds.map(() => ({good: 0, total: 0})), notes: [], unknown}
}
