import {promDuration} from '../../core/duration.ts'
import type {Json} from '../../core/json.ts'
import {boundQuery} from '../promql.ts'
import type {BudgetedObjective} from '../rules/budget-rules.ts'

const WINDOW_MS = 300_000

/** One document of OpenSLO (openslo/v1) for each objective. What is sampled and not counted is budgeted by time slices. */
export function openSlo(
  objectives: readonly BudgetedObjective[],
  profile: string,
  stepMs: number,
): Readonly<Record<string, Json>>[] {
  return objectives.flatMap(({objective, target}) => {
    const query = boundQuery(objective, target, {ms: WINDOW_MS, stepMs})
    if (!query || !objective.prometheus) return []
    const {id, title = id} = objective
    const sampled = 'up' in objective.prometheus || 'level' in objective.prometheus
    return [
      {
        apiVersion: 'openslo/v1',
        kind: 'SLO',
        metadata: {name: `${profile}-${id}`, displayName: title},
        spec: {
          service: profile,
          description: title,
          indicator: {
            metadata: {name: `${profile}-${id}`, displayName: objective.indicator},
            spec: {ratioMetric: {counter: false, good: prometheus(query.good), total: prometheus(query.total)}},
          },
          timeWindow: [{duration: '30d', isRolling: true}],
          budgetingMethod: sampled ? 'Timeslices' : 'Occurrences',
          objectives: [
            {
              displayName: title,
              target: target.share,
              ...(sampled && {timeSliceTarget: 1, timeSliceWindow: promDuration(Math.max(stepMs, 60_000))}),
            },
          ],
        },
      },
    ]
  })
}

function prometheus(query: string): Json {
  return {metricSource: {type: 'Prometheus', spec: {query}}}
}
