import type {Bound, Objective} from '../../core/objective.ts'
import {boundQuery} from '../promql.ts'
import {alertName} from './alerting-rule.ts'
import {burnWindows, windowName, type BurnWindows} from './burn-rate.ts'
import type {AlertDescription, RecordingRule} from './rule.ts'

/** Fewer bad events than this are an accident, whatever their share: at little traffic one is a large one. */
export const LEAST_FAILURES = 3

/** An objective whose error budget Prometheus can follow: a promise on events, with a share that leaves a budget. */
export interface BudgetedObjective {
  readonly objective: Objective
  readonly target: Bound
  readonly windows: readonly BurnWindows[]
}

export function budgeted(objectives: readonly Objective[], stepMs: number): BudgetedObjective[] {
  return objectives.flatMap((objective) => {
    const {kind, role, sources, bounds, prometheus} = objective
    const target = bounds.find(({level, share}) => level === 'target' && share < 1)
    if (!target || kind !== 'events' || role !== 'promise' || !sources.includes('prometheus')) return []
    if (!prometheus || 'level' in prometheus) return [] // a ready-made percentile counts no events
    const windows = burnWindows(stepMs, target.share)
    return boundQuery(objective, target, {ms: stepMs, stepMs}) && windows.length > 0
      ? [{objective, target, windows}]
      : []
  })
}

/** The share and the number of bad events over every window that an alert looks at, so that each is computed once. */
export function budgetRecordings(objectives: readonly BudgetedObjective[], stepMs: number): RecordingRule[] {
  return objectives.flatMap(({objective, target, windows}) => {
    const labels = {objective: objective.id}
    const lengths = [...new Set(windows.flatMap(({longMs, shortMs}) => [shortMs, longMs]))].sort((a, b) => a - b)
    return lengths.flatMap((ms) => {
      const query = boundQuery(objective, target, {ms, stepMs})
      if (!query) return []
      const isLong = windows.some(({longMs}) => longMs === ms)
      return [
        {record: shareName(ms), expr: query.badShare, labels},
        ...(isLong ? [{record: countName(ms), expr: query.bad, labels}] : []),
      ]
    })
  })
}

/** Silent without data: the recorded shares are then absent, or NaN, and no comparison holds. */
export function budgetAlerts(objectives: readonly BudgetedObjective[], profile: string): AlertDescription[] {
  return objectives.flatMap(({objective: {id, title = id}, target, windows}) => {
    const selector = `{objective="${id}",profile="${profile}"}`
    return windows.map(({severity, longMs, shortMs, rate}) => {
      const threshold = Number((rate * (1 - target.share)).toPrecision(6))
      return {
        name: alertName(id, 'BudgetBurn'),
        expr: [
          `${shareName(longMs)}${selector} > ${threshold}`,
          `and ${shareName(shortMs)}${selector} > ${threshold}`,
          `and ${countName(longMs)}${selector} >= ${LEAST_FAILURES}`,
        ].join(' '),
        severity,
        summary: `${title}: the error budget of 30 days is spent ${rate} times too fast (over ${windowName(longMs)})`,
        runbook: target.runbook,
        labels: {objective: id, window: windowName(longMs)},
      }
    })
  })
}

function shareName(ms: number): string {
  return `objective:bad_events:ratio_${windowName(ms)}`
}

function countName(ms: number): string {
  return `objective:bad_events:increase_${windowName(ms)}`
}
