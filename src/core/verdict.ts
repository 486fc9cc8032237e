import type {Failure} from './failure.ts'
import type {Bound, Objective, Source} from './objective.ts'
import type {Status} from './status.ts'
import type {Tally} from './tally.ts'

/** One bound with what was measured against it. `met` is null without events. */
export interface BoundVerdict extends Bound {
  readonly tally: Tally
  /** The 95 % interval of the share. */
  readonly interval: readonly [low: number, high: number]
  readonly met: boolean | null
}

/** What became of one objective on one target. */
export interface Verdict {
  readonly objective: string
  readonly role: Objective['role']
  readonly target: string
  readonly source: Source
  readonly status: Status
  readonly bounds: readonly BoundVerdict[]
  /** Of the bounds' `min` and `max`: "ms". */
  readonly unit?: string
  /** The part of the error budget that is used up, or null where there is none. */
  readonly budgetSpent: number | null
  /** Fewer events than the objective asks for. */
  readonly few: boolean
  /** Why the verdict is inconclusive or skipped. */
  readonly why?: string
  readonly assumed?: string
}

/** A verdict with what a reader of a run wants beside it. */
export interface CheckedVerdict extends Verdict {
  readonly title: string
  readonly checks: readonly string[]
  readonly indicator: string
  /** The value at the target's share, for display: the p95 of a p95 objective. */
  readonly measured: {readonly value: number; readonly unit: string} | null
  /** The failure that explains a verdict that is not `pass`. */
  readonly failure?: Failure
  readonly runbook?: string
  /** What a reader should know of how it was measured: "no series: errors_total counts as 0". */
  readonly notes?: readonly string[]
  /** The time that was asked about, where that is not the run itself, in epoch milliseconds. */
  readonly window?: {readonly from: number; readonly to: number}
}

/** What a verdict is about, in a word: the checks that were judged, else the objective itself. */
export function subjectOf({checks, objective}: Pick<CheckedVerdict, 'checks' | 'objective'>): string {
  return checks.length > 0 ? checks.join(', ') : objective
}

/** The gravest bound that was crossed names its runbook; else the first that has one. */
export function runbookOf(bounds: readonly BoundVerdict[]): string | undefined {
  const byGravity = [...bounds].reverse()
  return (byGravity.find(({met, runbook}) => met === false && runbook) ?? byGravity.find(({runbook}) => runbook))
    ?.runbook
}
