import {rollUp, type Status} from '../../core/status.ts'
import type {CheckedVerdict} from '../../core/verdict.ts'
import {budgetOf, runsOutInMs, type Budget} from './budget.ts'

/** What was found of all objectives over one period. */
export interface PeriodVerdicts {
  readonly periodMs: number
  readonly verdicts: readonly CheckedVerdict[]
}

/** One period of a budget. Without a budget nothing is known of it, and `why` says so. */
export interface StatementRow {
  readonly periodMs: number
  readonly budget: Budget | null
  /** When the budget of the longest period is spent if the rate of this one goes on; 0 is now, null never. */
  readonly runsOutInMs: number | null
  readonly status: Status
  readonly why?: string | undefined
}

/** The budget of one objective on one target, by period, the shortest first. */
export interface Statement {
  readonly objective: string
  readonly title: string
  readonly target: string
  readonly share: number
  readonly estimated: boolean
  readonly rows: readonly StatementRow[]
}

/** Whether a promise leaves a budget at all. */
export function hasBudget({
  role,
  bounds,
}: Pick<CheckedVerdict, 'role'> & {bounds: readonly {level: string; share: number}[]}): boolean {
  return role === 'promise' && bounds.some(({level, share}) => level === 'target' && share < 1)
}

/** Puts the periods of each objective on each target together. */
export function statementsOf(periods: readonly PeriodVerdicts[]): Statement[] {
  const ordered = periods.toSorted((a, b) => a.periodMs - b.periodMs)
  const found = ordered.flatMap(({periodMs, verdicts}) =>
    verdicts.filter(hasBudget).map((verdict) => ({periodMs, verdict, budget: budgetIn(verdict, periodMs)})),
  )
  const groups = Map.groupBy(found, ({verdict}) => JSON.stringify([verdict.objective, verdict.target]))
  return [...groups.values()].flatMap((group) => {
    const last = group.at(-1)
    if (!last) return []
    const {objective, title, target, bounds} = last.verdict
    const promised = bounds.find(({level}) => level === 'target')
    return {
      objective,
      title,
      target,
      share: promised?.share ?? 1,
      estimated: promised?.tally.estimated ?? false,
      rows: group.map(({periodMs, verdict, budget}) => ({
        periodMs,
        budget,
        runsOutInMs: budget && last.budget ? runsOutInMs(last.budget, budget.burnRate) : null,
        status: statusOf(verdict),
        ...(verdict.why !== undefined && {why: verdict.why}),
      })),
    }
  })
}

function budgetIn({bounds}: CheckedVerdict, periodMs: number): Budget | null {
  const promised = bounds.find(({level}) => level === 'target')
  return promised ? budgetOf(promised.share, promised.tally, periodMs) : null
}

/** A crossed alert is another matter: a budget is spent or it is not. */
function statusOf({status, bounds}: CheckedVerdict): Status {
  if (status === 'inconclusive' || status === 'skipped') return 'inconclusive'
  const met = bounds.find(({level}) => level === 'target')?.met
  return met === null || met === undefined ? 'inconclusive' : met ? 'pass' : 'degraded'
}

/** What all budgets come to: overspent, unknown, or kept. */
export function statusOfStatements(statements: readonly Statement[]): Status {
  return rollUp(statements.flatMap(({rows}) => rows.map(({status}) => status)))
}
