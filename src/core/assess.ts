import type {Disturbance} from './disturbance.ts'
import {doubtIn} from './doubt.ts'
import {ATTEMPT} from './event.ts'
import {blameOf, type Failure} from './failure.ts'
import {judge} from './judge.ts'
import type {Objective} from './objective.ts'
import type {AttemptResult, CheckResult} from './result.ts'
import {quantile} from './stats.ts'
import {compareStatus, type Status} from './status.ts'
import {tally} from './tally.ts'
import {runbookOf, type CheckedVerdict} from './verdict.ts'

export interface Circumstances {
  /** Too few events make a verdict inconclusive instead of flagged. */
  readonly strict?: boolean
  readonly disturbances?: readonly Disturbance[]
}

/**
 * Judges what the probes found: every objective on every target apart, the worst first.
 * A check of which not every indicator has an objective is also held to "all attempts good".
 */
export function assess(
  results: readonly CheckResult[],
  objectives: readonly Objective[],
  circumstances: Circumstances = {},
): CheckedVerdict[] {
  const judged = objectives.filter(({sources}) => sources.includes('probe'))
  const covered = (result: CheckResult) =>
    result.indicators.every((indicator) => judged.some((o) => o.indicator === indicator && concerns(o, result)))
  const uncovered = results.filter((result) => result.indicators.length === 0 || !covered(result))
  const implicit = new Set(uncovered.map(({check}) => check)) // a fleet is many results of one check
  return [...judged, ...[...implicit].map(implicitObjective)]
    .flatMap((objective) => {
      const concerned = results.filter((result) => concerns(objective, result))
      const targets = [...new Set(concerned.map(({target}) => target))]
      return targets.map((target) =>
        assessTarget(
          objective,
          concerned.filter((result) => result.target === target),
          circumstances,
        ),
      )
    })
    .sort((a, b) => compareStatus(a.status, b.status))
}

function concerns({indicator, of}: Objective, {check, tags, indicators}: CheckResult): boolean {
  if (of?.checks && !of.checks.includes(check)) return false
  if (of?.tags && !of.tags.some((tag) => tags.includes(tag))) return false
  return indicator === ATTEMPT || indicators.includes(indicator)
}

function implicitObjective(check: string): Objective {
  return {
    id: check,
    title: 'all attempts good',
    indicator: ATTEMPT,
    of: {checks: [check]},
    sources: ['probe'],
    kind: 'events',
    role: 'promise',
    bounds: [{level: 'alert', share: 1, severity: 'critical'}],
    minEvents: 1,
  }
}

/** Judges one objective on the results of the checks of one target. */
function assessTarget(
  objective: Objective,
  results: readonly CheckResult[],
  {strict = false, disturbances = []}: Circumstances,
): CheckedVerdict {
  const target = results[0]?.target ?? ''
  const attempts = results.flatMap((result) => result.attempts)
  const events = attempts.flatMap((attempt) =>
    attempt.events.filter((event) => event.indicator === objective.indicator),
  )
  const tallies = objective.bounds.map((bound) => tally(events, bound))
  const verdict = judge(objective, {target, source: 'probe', tallies}, strict)
  const doubt = doubtIn(verdict, {objective, events, attempts, disturbances})
  const skipped = attempts.length === 0 ? results.find((result) => result.skipped)?.skipped : undefined
  const status: Status = skipped ? 'skipped' : doubt ? 'inconclusive' : verdict.status
  const why = skipped ?? doubt ?? verdict.why
  const promised = objective.bounds.find(({level}) => level === 'target') ?? objective.bounds[0]
  const values = events.flatMap(({ok, value}) => (ok && value !== undefined ? [value] : []))
  const value = objective.unit && promised ? quantile(values, promised.share) : null
  const failure = status === 'pass' || status === 'skipped' ? undefined : tellingFailure(attempts)
  const runbook = runbookOf(verdict.bounds) ?? results.find((result) => result.runbook)?.runbook
  return {
    ...verdict,
    status,
    title: objective.title ?? objective.id,
    checks: results.map(({check}) => check),
    indicator: objective.indicator,
    measured: value === null || !objective.unit ? null : {value, unit: objective.unit},
    ...(why && status !== 'pass' && {why}),
    ...(failure && {failure}),
    ...(status !== 'pass' && runbook && {runbook}),
  }
}

/** The target's own failure says more than ours. */
function tellingFailure(attempts: readonly AttemptResult[]): Failure | undefined {
  const failures = attempts.flatMap((attempt) => (attempt.ok ? [] : [attempt.failure]))
  return failures.find(({code}) => blameOf(code) === 'target') ?? failures[0]
}
