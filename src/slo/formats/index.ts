import type {Json} from '../../core/json.ts'
import {budgeted} from '../rules/budget-rules.ts'
import {ruleGroups, type RuleSettings, type RuleSource} from '../rules/rule-groups.ts'
import {openSlo} from './openslo.ts'
import {operatorRules, prometheusRules} from './prometheus.ts'
import {pyrraObjectives} from './pyrra.ts'
import {slothSpec} from './sloth.ts'

type Document = Readonly<Record<string, Json>>

/** Every format of rules. */
export const ruleFormats = ['prometheus', 'operator', 'sloth', 'pyrra', 'openslo'] as const

export interface RuleDocuments {
  readonly documents: readonly Document[]
  /** Objectives that the format cannot express. */
  readonly leftOut: readonly string[]
}

/** The rules of a profile as documents of a format. */
export function ruleDocuments(
  format: (typeof ruleFormats)[number],
  source: RuleSource,
  settings: RuleSettings,
): RuleDocuments {
  const {name, objectives, stepMs} = source
  switch (format) {
    case 'prometheus':
      return all([prometheusRules(ruleGroups(source, settings))])
    case 'operator':
      return all([operatorRules(ruleGroups(source, settings), name)])
    case 'sloth':
      return all(slothSpec(budgeted(objectives, stepMs), name))
    case 'pyrra':
      return pyrraObjectives(budgeted(objectives, stepMs), name)
    case 'openslo':
      return all(openSlo(budgeted(objectives, stepMs), name, stepMs))
  }
}

function all(documents: readonly Document[]): RuleDocuments {
  return {documents, leftOut: []}
}
