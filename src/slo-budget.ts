import type {CheckedVerdict} from './core/verdict.ts'
import {scrapeInterval, type SloProfile} from './slo-profile.ts'
import {hasBudget, type PeriodVerdicts} from './slo/budget/statement.ts'
import {judgeHistory} from './slo/history/judge-history.ts'
import {readHistory} from './slo/history/history.ts'
import {answerable, judgeObjectives} from './slo/judge-objectives.ts'
import {prometheusAt, type PrometheusAccess} from './slo/prometheus/prometheus.ts'
import {ConfigError} from './config/mistake.ts'
import {UserError} from './core/errors.ts'

export interface BudgetRequest {
  /** The end of all periods, in epoch milliseconds; without it now. */
  readonly at?: number | undefined
  readonly periodsMs: readonly number[]
}

export interface PeriodsAnswer {
  readonly source: 'prometheus' | 'history'
  readonly periods: readonly PeriodVerdicts[]
  readonly notes: readonly string[]
}

/** What Prometheus counted, one period after the other: a month of a busy system is work for it. */
export async function budgetFromPrometheus(
  profile: SloProfile,
  {at, periodsMs}: BudgetRequest,
  {access, signal}: {access: PrometheusAccess; signal: AbortSignal},
): Promise<PeriodsAnswer> {
  const {config, mistakeAt} = profile
  const objectives = answerable(budgeted(profile)).map((objective) => ({
    ...objective,
    bounds: objective.bounds.filter(({level}) => level === 'target'),
  }))
  const prometheus = prometheusAt(access, signal)
  const promised = new Set(Object.keys(config.metrics))
  const periods: PeriodVerdicts[] = []
  const notes = new Set<string>()
  for (const periodMs of periodsMs) {
    const {verdicts, unreadable, unreachable} = await judgeObjectives(prometheus, {
      objectives,
      promised,
      at,
      windowMs: periodMs,
      stepMs: scrapeInterval(config),
      strict: false,
    })
    if (unreadable.length > 0) {
      throw new ConfigError(
        unreadable.map(({objective, message}) => mistakeAt(['objectives', objective, 'prometheus'], message)),
      )
    }
    periods.push({periodMs, verdicts})
    if (unreachable !== undefined) notes.add(unreachable)
    for (const note of verdicts.flatMap(notesOf)) notes.add(note)
  }
  return {source: 'prometheus', periods, notes: [...notes]}
}

/** What runs of this instance counted, as its history has it. */
export async function budgetFromHistory(
  profile: SloProfile,
  {at, periodsMs}: BudgetRequest,
  file: string,
): Promise<PeriodsAnswer> {
  const {config} = profile
  const to = at ?? Date.now()
  const {entries, unreadable} = await readHistory(
    file,
    (entry) => entry.profile === config.name && entry.instance === config.instance,
  )
  if (entries.length === 0) {
    throw new UserError(
      `--history: expected runs of ${config.name} on ${config.instance}, got none in ${file}`,
      'is it the history of another instance?',
    )
  }
  const objectives = budgeted(profile)
  return {
    source: 'history',
    periods: periodsMs.map((periodMs) => ({periodMs, verdicts: judgeHistory(entries, objectives, {to, periodMs})})),
    notes: unreadable > 0 ? [`${unreadable} lines of the history could not be read`] : [],
  }
}

function budgeted({objectives}: SloProfile): SloProfile['objectives'] {
  return objectives.filter(hasBudget)
}

function notesOf({title, notes = []}: CheckedVerdict): string[] {
  return notes.map((note) => `${title}: ${note}`)
}
