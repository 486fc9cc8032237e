import type {Json} from '../../core/json.ts'
import type {RuleGroup} from '../rules/rule.ts'

/** A rule file of Prometheus. */
export function prometheusRules(groups: readonly RuleGroup[]): Readonly<Record<string, Json>> {
  return {groups: groups as unknown as Json}
}

/** A PrometheusRule of the Prometheus Operator, found by its label `prometheus`. */
export function operatorRules(groups: readonly RuleGroup[], profile: string): Readonly<Record<string, Json>> {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: {name: `probe-${profile}`, labels: {prometheus: 'k8s', role: 'alert-rules'}},
    spec: {...prometheusRules(groups)},
  }
}
