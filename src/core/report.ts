import type {Disturbance} from './disturbance.ts'
import type {DrillResult} from './drill-result.ts'
import type {CheckResult} from './result.ts'
import {runbooksFor, type Runbooks} from './runbook.ts'
import {rollUp, type Status} from './status.ts'
import type {CheckedVerdict} from './verdict.ts'

/** When, where and with what a run was made. */
export interface RunFacts {
  readonly id: string
  readonly profile: string
  /** The config's slug: the `instance` of everything that is exported. */
  readonly instance: string
  readonly location: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly durationMs: number
  readonly version: string
  readonly node: string
  /** Whether every check of profile and config was asked for, or a selection by name or tag. */
  readonly selection: 'all' | 'narrowed'
  /** The prober's own health during the run. */
  readonly health: RunHealth
}

export interface RunHealth {
  readonly disturbances: readonly Disturbance[]
  /** 99th percentile of the event loop's lateness, in milliseconds. */
  readonly loopLagMs: number
  /** Median of the servers' `Date` minus our clock in milliseconds, good to about a second; null where no server told. */
  readonly clockSkewMs: number | null
}

/** What became of one sink. */
export interface ExportResult {
  readonly sink: string
  readonly ok: boolean
  readonly required: boolean
  readonly samples: number
  readonly message?: string
}

/** The one report: every reporter, sink and exit code is made from it. */
export interface Report {
  readonly schema: 1
  readonly run: RunFacts
  readonly status: Status
  readonly verdicts: readonly CheckedVerdict[]
  /** What to do about what is not well, by the names that verdicts use. */
  readonly runbooks: Runbooks
  readonly checks: readonly CheckResult[]
  readonly exports: readonly ExportResult[]
  /** What a drill adds; its `checks` are those that ran beside the load. */
  readonly drill?: DrillResult
}

/** A report before its exports, with those runbooks of the profile that it refers to. */
export function makeReport(
  {run, checks, verdicts}: Pick<Report, 'run' | 'checks' | 'verdicts'>,
  runbooks: Runbooks,
): Report {
  const deciding = verdicts.filter(({role}) => role === 'promise')
  const status = rollUp(deciding.map((verdict) => verdict.status))
  return {schema: 1, run, status, verdicts, runbooks: runbooksFor(verdicts, runbooks), checks, exports: []}
}
