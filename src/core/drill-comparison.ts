import type {Source} from './objective.ts'
import type {Status} from './status.ts'

/** A drill held against an earlier one of the same workload. */
export interface DrillComparison {
  readonly baseline: ComparedDrill
  readonly current: ComparedDrill
  readonly criteria: ComparisonCriteria
  readonly changes: readonly Change[]
  /** The gravest outcome of all changes that decide. */
  readonly outcome: Outcome
  /** What else was different, and may explain a change: another k6, fewer cores. */
  readonly notes: readonly string[]
}

export interface ComparedDrill {
  readonly id: string
  /** Where its report lies, as it was named. */
  readonly folder: string
  readonly startedAt: number
  readonly status: Status
}

/** What is called a regression, if it is more than noise. */
export interface ComparisonCriteria {
  /** How much slower a quantile may become, as a part of what it was: 0.1 is 10 %. */
  readonly maxRegression: number
  /** How far a share of good events may fall: 0.001 is a tenth of a percentage point. */
  readonly maxDrop: number
}

/**
 * `noise`: the 95 % intervals of the two do not tell them apart. `small`: they do, and the change is within the criteria.
 * `unknown`: one of them was not measured, or cannot be believed.
 */
export type Outcome = 'regression' | 'unknown' | 'small' | 'noise' | 'improvement'

/** One figure of an objective in both drills. */
export interface Change {
  readonly objective: string
  readonly title: string
  readonly source: Source
  readonly target: string
  /** What is compared: the quantile that was promised, or the share of good events. */
  readonly figure: 'quantile' | 'share'
  /** For people: "p95", "within 200 ms", "good". */
  readonly label: string
  /** "ms" of a quantile; of a share nothing. */
  readonly unit?: string
  readonly before: Figure
  readonly after: Figure
  /** Of a quantile, relative: 0.1 is 10 % slower. Of a share, in shares: -0.01 is one percentage point fewer. Null where one is missing. */
  readonly change: number | null
  readonly outcome: Outcome
  readonly why?: string
}

export interface Figure {
  readonly value: number | null
  /** Its 95 % interval; null without a value. */
  readonly interval: readonly [low: number, high: number] | null
  readonly samples: number
  readonly status: Status
}
