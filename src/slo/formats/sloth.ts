import type {Json} from '../../core/json.ts'
import type {BudgetedObjective} from '../rules/budget-rules.ts'
import {alertName} from '../rules/alerting-rule.ts'
import {boundQuery} from '../promql.ts'

/** sloth fills in each window itself. No document uses a range of 7 minutes: it stands for the place meanwhile. */
const PLACE_MS = 420_000
const PLACE = /\[7m(?=[\]:])/g

/** A specification of sloth (prometheus/v1), which makes its own recordings and alerts of it; none without an objective. */
export function slothSpec(objectives: readonly BudgetedObjective[], profile: string): Readonly<Record<string, Json>>[] {
  const slos = objectives.flatMap(({objective, target}) => {
    const query = boundQuery(objective, target, {ms: PLACE_MS, stepMs: 60_000})
    if (!query) return []
    const {id, title = id} = objective
    return [
      {
        name: id,
        objective: percent(target.share),
        description: title,
        sli: {events: {error_query: windowed(query.bad), total_query: windowed(query.total)}},
        alerting: {
          name: alertName(id, 'BudgetBurn'),
          labels: {objective: id},
          annotations: {summary: `${title}: the error budget is spent too fast`},
          page_alert: {labels: {severity: 'critical'}},
          ticket_alert: {labels: {severity: 'warning'}},
        },
      },
    ]
  })
  return slos.length > 0 ? [{version: 'prometheus/v1', service: profile, slos}] : []
}

function windowed(expr: string): string {
  return expr.replace(PLACE, '[{{.window}}')
}

/** 0.999 is 99.9, not 99.90000000000001. */
export function percent(share: number): number {
  return Number((share * 100).toPrecision(12))
}
