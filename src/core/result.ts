import type {Event} from './event.ts'
import type {Failure} from './failure.ts'
import type {Json} from './json.ts'

/** A named, timed, consecutive part of an attempt. All phases of an attempt add up to its total. */
export interface Phase {
  readonly name: string
  readonly ms: number
  readonly state: 'done' | 'failed' | 'skipped'
  /** Why a phase was skipped although it could have been reached. */
  readonly why?: string
}

export type Fact = string | number | boolean
export type Facts = Readonly<Record<string, Fact>>

interface Observation {
  readonly check: string
  readonly probe: string
  /** The target as it may be shown: without user information, query values or secrets. */
  readonly target: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly totalMs: number
  readonly phases: readonly Phase[]
  readonly events: readonly Event[]
  readonly facts: Facts
  /** A probe's own findings (candidates, a grid), by its own shape; reporters ignore what they do not know. */
  readonly details?: Readonly<Record<string, Json>>
}

/** One execution of a check. */
export type AttemptResult = Observation & ({readonly ok: true} | {readonly ok: false; readonly failure: Failure})

/** All attempts of one check, or the reason why there are none. */
export interface CheckResult {
  readonly check: string
  readonly probe: string
  readonly target: string
  readonly tags: readonly string[]
  /** The indicators that this check owes; an objective without `of` judges every check that owes its indicator. */
  readonly indicators: readonly string[]
  readonly attempts: readonly AttemptResult[]
  /** Set when the check did not run: "blocked by backend-health". */
  readonly skipped?: string
  readonly runbook?: string
}
