import type {Json} from '../../core/json.ts'
import {leMatcher} from '../le-matcher.ts'
import {limitsIn} from '../../core/limits.ts'
import type {BudgetedObjective} from '../rules/budget-rules.ts'
import {percent} from './sloth.ts'

/** Objects of Pyrra (pyrra.dev/v1alpha1), and the objectives that it has no indicator for. */
export interface PyrraObjectives {
  readonly documents: readonly Readonly<Record<string, Json>>[]
  readonly leftOut: readonly string[]
}

/** Pyrra knows errors of a total, a bucket of a histogram, and a gauge that is 0 or 1. */
export function pyrraObjectives(objectives: readonly BudgetedObjective[], profile: string): PyrraObjectives {
  const made = objectives.map((one) => ({id: one.objective.id, indicator: indicatorOf(one), one}))
  return {
    documents: made.flatMap(({id, indicator, one: {objective, target}}) =>
      indicator
        ? [
            {
              apiVersion: 'pyrra.dev/v1alpha1',
              kind: 'ServiceLevelObjective',
              metadata: {name: `${profile}-${id}`, labels: {'pyrra.dev/service': profile}},
              spec: {
                target: String(percent(target.share)),
                window: '30d',
                description: objective.title ?? id,
                indicator,
                alerting: {name: `${profile}-${id}`},
              },
            },
          ]
        : [],
    ),
    leftOut: made.filter(({indicator}) => !indicator).map(({id}) => id),
  }
}

function indicatorOf({objective, target}: BudgetedObjective): Json | null {
  const {prometheus: source} = objective
  if (!source) return null
  if ('up' in source) return {bool_gauge: {metric: source.up}}
  if ('bad' in source) {
    const [errors, ...moreErrors] = source.bad
    const [total, ...moreTotals] = source.total
    if (errors === undefined || total === undefined || moreErrors.length + moreTotals.length > 0) return null
    return {ratio: {errors: {metric: errors}, total: {metric: total}}}
  }
  if (!('histogram' in source)) return null
  const {min, max} = limitsIn(source, objective, target)
  if (min !== undefined || max === undefined) return null
  return {
    latency: {
      success: {metric: `${source.histogram}_bucket{${leMatcher(max)}}`},
      total: {metric: `${source.histogram}_count`},
    },
  }
}
