import {promDuration} from '../../core/duration.ts'
import type {Objective} from '../../core/objective.ts'
import {alertingRule, type RuleContext} from './alerting-rule.ts'
import {budgetAlerts, budgeted, budgetRecordings} from './budget-rules.ts'
import {absenceAlerts, documentedAlerts, type ResourceAlert} from './documented-alerts.ts'
import {probeAlerts, probeRecordings, recordingInterval} from './probe-rules.ts'
import type {AlertDescription, RuleGroup} from './rule.ts'

/** What rules are made of: of a profile all that Prometheus can watch. */
export interface RuleSource {
  readonly name: string
  readonly objectives: readonly Objective[]
  readonly alerts: Readonly<Record<string, ResourceAlert>>
  readonly recordings: Readonly<Record<string, {readonly expr: string; readonly interval?: number | undefined}>>
  /** How often Prometheus scrapes and evaluates, in milliseconds. */
  readonly stepMs: number
}

export interface RuleSettings {
  readonly runbookUrl?: string | undefined
  /** How often `probe run` runs, in milliseconds. */
  readonly everyMs: number
}

/** All rules of a profile, in groups: what it computes in advance, its alerts, its error budgets, and the probe's own. */
export function ruleGroups(source: RuleSource, {runbookUrl, everyMs}: RuleSettings): RuleGroup[] {
  const {name, objectives, alerts, stepMs} = source
  const context: RuleContext = {profile: name, runbookUrl}
  const rules = (descriptions: readonly AlertDescription[]) =>
    descriptions.map((description) => alertingRule(description, context))
  const budgets = budgeted(objectives, stepMs)
  const runs = {profile: name, everyMs}
  const groups: RuleGroup[] = [
    ...recordingGroups(source),
    {name: `${name}-alerts`, rules: rules(documentedAlerts(objectives, alerts, stepMs))},
    {name: `${name}-absence`, rules: rules(absenceAlerts(objectives))},
    {
      name: `${name}-budgets`,
      rules: budgetRecordings(budgets, stepMs).map((rule) => ({...rule, labels: {...rule.labels, profile: name}})),
    },
    {name: `${name}-budget-alerts`, rules: rules(budgetAlerts(budgets, name))},
    {
      name: `${name}-probe-runs`,
      interval: promDuration(recordingInterval(runs)),
      rules: probeRecordings(runs),
    },
    {name: `${name}-probe-alerts`, rules: rules(probeAlerts(runs, objectives))},
  ]
  return groups.filter((group) => group.rules.length > 0)
}

/** What the profile computes in advance, in a group for each pace. */
function recordingGroups({name, recordings}: RuleSource): RuleGroup[] {
  const paces = Map.groupBy(Object.entries(recordings), ([, {interval}]) => interval)
  return [...paces].map(([interval, entries]) => ({
    name: interval === undefined ? `${name}-recordings` : `${name}-recordings-${promDuration(interval)}`,
    ...(interval !== undefined && {interval: promDuration(interval)}),
    rules: entries.map(([record, {expr}]) => ({record, expr})),
  }))
}
