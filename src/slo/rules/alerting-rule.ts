import {promDuration} from '../../core/duration.ts'
import type {AlertDescription, AlertingRule} from './rule.ts'

export interface RuleContext {
  readonly profile: string
  /** Where runbooks are read: `{profile}` and `{runbook}` are filled in. Without it alerts name the runbook alone. */
  readonly runbookUrl?: string | undefined
}

/** The severity is a label: routes can see it there. */
export function alertingRule(description: AlertDescription, {profile, runbookUrl}: RuleContext): AlertingRule {
  const {name, expr, forMs, severity, summary, action, runbook, labels} = description
  const url = runbook && runbookUrl?.replaceAll('{profile}', profile).replaceAll('{runbook}', runbook)
  return {
    alert: name,
    expr,
    ...(forMs && {for: promDuration(forMs)}),
    labels: {severity, profile, ...labels},
    annotations: {
      summary,
      ...(action && {action}),
      ...(runbook && {runbook}),
      ...(url && {runbook_url: url}),
    },
  }
}

/** "signaling-latency" is SignalingLatency in the names of alerts. */
export function alertName(slug: string, suffix = ''): string {
  return `${slug.replace(/(^|-)([a-z0-9])/g, (_, __, letter: string) => letter.toUpperCase())}${suffix}`
}
