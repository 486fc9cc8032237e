import type {Bound, Level, Objective} from '../../core/objective.ts'
import {boundQuery, needsOf, type Window} from '../promql.ts'
import {alertName} from './alerting-rule.ts'
import type {AlertDescription} from './rule.ts'

/** An alert on a resource that only Prometheus knows, as a profile says it. */
export interface ResourceAlert {
  readonly expr: string
  readonly for?: number | undefined
  readonly severity: string
  readonly summary: string
  readonly action?: string | undefined
  readonly runbook?: string | undefined
}

/** Over which a share is taken, where the document does not say; its own rules and queries do so throughout. */
const WINDOW_MS = 300_000
/** How long a metric may be away before that is said: longer than a deployment takes. */
const ABSENT_FOR_MS = 900_000

const suffixes: Readonly<Record<Level, string>> = {target: 'Warning', alert: '', page: 'Page'}

/** The alerts that the document names: every bound that has a line for who is alerted, and the resources. */
export function documentedAlerts(
  objectives: readonly Objective[],
  alerts: Readonly<Record<string, ResourceAlert>>,
  stepMs: number,
): AlertDescription[] {
  const window = {ms: WINDOW_MS, stepMs}
  return [
    ...objectives.flatMap((objective) => objective.bounds.flatMap((bound) => ofBound(objective, bound, window))),
    ...Object.entries(alerts).map(([id, {for: forMs, ...alert}]) => ({name: alertName(id), forMs, ...alert})),
  ]
}

/** What the alerts on an objective stand on is gone: they are silent then, and not because all is well. */
export function absenceAlerts(objectives: readonly Objective[]): AlertDescription[] {
  return objectives.filter(isWatched).flatMap(({id, prometheus}) => {
    if (!prometheus) return []
    const selectors = needsOf(prometheus)
    return [
      {
        name: 'ObjectiveWithoutData',
        expr: selectors.map((selector) => `absent(${selector})`).join(' or '),
        forMs: ABSENT_FOR_MS,
        severity: 'warning',
        summary: `nothing is known of ${id}: Prometheus has no ${selectors.join(', ').replaceAll('"', "'")}`,
        labels: {objective: id},
      },
    ]
  })
}

/** Whether Prometheus can decide it, and somebody is told. */
function isWatched({sources, bounds}: Objective): boolean {
  return sources.includes('prometheus') && bounds.some(({summary}) => summary !== undefined)
}

function ofBound(objective: Objective, bound: Bound, window: Window): AlertDescription[] {
  const query = objective.sources.includes('prometheus') ? boundQuery(objective, bound, window) : null
  if (!query || bound.summary === undefined) return []
  const {level, severity, summary, runbook, forMs, consecutive} = bound
  return [
    {
      name: alertName(objective.id, suffixes[level]),
      expr: query.crossed,
      // "two checks running" has held since the first of them
      forMs: forMs ?? (consecutive !== undefined && consecutive > 1 ? (consecutive - 1) * window.stepMs : undefined),
      severity,
      summary,
      runbook,
      labels: {objective: objective.id},
    },
  ]
}
