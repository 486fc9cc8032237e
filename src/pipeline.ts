import {randomUUID} from 'node:crypto'
import {assess} from './core/assess.ts'
import {withClockHints} from './core/clock-hints.ts'
import {ProbeFailure} from './core/errors.ts'
import {makeReport, type Report} from './core/report.ts'
import type {AttemptResult, CheckResult} from './core/result.ts'
import {compareStatus} from './core/status.ts'
import type {CheckedVerdict} from './core/verdict.ts'
import type {Plan} from './config/plan.ts'
import {watchHealth, type HealthWatch} from './probes/prober-health.ts'
import {isReachable} from './probes/reachable.ts'
import {runChecks} from './probes/run-checks.ts'

/** What is to be probed and judged: of a plan all but where the results go and what drills do. */
export type Assignment = Omit<Plan, 'sinks' | 'history' | 'peak' | 'drill'>

export interface Conduct {
  readonly version: string
  readonly signal: AbortSignal
  /** The whole run ends by then, with what is known. */
  readonly timeoutMs: number
  readonly concurrency: number
  readonly strict: boolean
  readonly onAttempt?: (result: AttemptResult) => void
}

/** The one pipeline: checks → attempts → events → tallies → verdicts → report. Exports are the caller's. */
export async function carryOut(plan: Assignment, conduct: Conduct): Promise<Report> {
  const startedAt = Date.now()
  const begin = performance.now()
  const {reference} = plan
  const expired = new AbortController()
  const timer = setTimeout(() => {
    expired.abort(new ProbeFailure('out_of_time', `the run's deadline of ${conduct.timeoutMs} ms came first`))
  }, conduct.timeoutMs)
  let watch: HealthWatch | undefined
  try {
    const ran = await runChecks(plan.checks, {
      signal: AbortSignal.any([conduct.signal, expired.signal]),
      secrets: plan.secrets,
      concurrency: conduct.concurrency,
      ...(conduct.onAttempt && {onAttempt: conduct.onAttempt}),
      onReady: () => (watch = watchHealth()),
    })
    const results = [...withClockHints(ran), ...plan.missing.map(notRun)]
    const health = await (watch ?? watchHealth()).finish(results, reference && (() => isReachable(reference)))
    const assessed = assess(results, plan.objectives, {strict: conduct.strict, disturbances: health.disturbances})
    const verdicts = [...assessed, ...(await readVerdicts(results, plan, conduct))].sort((a, b) =>
      compareStatus(a.status, b.status),
    )
    const {profile, instance, location, selection} = plan
    const facts = {
      id: randomUUID(),
      profile,
      instance,
      location,
      startedAt,
      version: conduct.version,
      node: process.version,
      selection,
      health,
    }
    const run = {...facts, durationMs: performance.now() - begin}
    return makeReport({run, checks: results, verdicts}, plan.runbooks)
  } finally {
    clearTimeout(timer)
  }
}

/** What pages of metrics tell of the objectives. Loaded only where one was read. */
async function readVerdicts(
  results: readonly CheckResult[],
  {objectives}: Assignment,
  {strict}: Conduct,
): Promise<CheckedVerdict[]> {
  if (!results.some(({probe}) => probe === 'metrics')) return []
  const {judgeReadings} = await import('./slo/readings/judge-readings.ts')
  return judgeReadings(results, objectives, {strict})
}

function notRun({why, ...check}: Plan['missing'][number]): CheckResult {
  return {...check, indicators: [], attempts: [], skipped: why}
}
