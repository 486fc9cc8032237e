import type {Rule} from './rule.ts'
import {causesAreListed, checksNameKnownTargets, needsHaveNoCycle, needsNameChecks} from './rules/check-rules.ts'
import {dialectsAreSound} from './rules/dialect-rules.ts'
import {
  alertsAreNotStricterThanTargets,
  indicatorsAreSpeltRight,
  limitsCanBeMet,
  objectivesHaveBounds,
  objectivesNameChecks,
} from './rules/objective-rules.ts'
import {alertPathLeadsSomewhere, receiversExist, runbooksExist} from './rules/reference-rules.ts'
import {addressesSuitTheirProbes, targetOptionsAreUsed, targetsAreUsed} from './rules/target-rules.ts'

/** Everything beyond the shape that makes a configuration wrong. */
export const rules: readonly Rule[] = [
  checksNameKnownTargets,
  targetsAreUsed,
  targetOptionsAreUsed,
  addressesSuitTheirProbes,
  dialectsAreSound,
  needsNameChecks,
  needsHaveNoCycle,
  causesAreListed,
  objectivesNameChecks,
  indicatorsAreSpeltRight,
  objectivesHaveBounds,
  limitsCanBeMet,
  alertsAreNotStricterThanTargets,
  runbooksExist,
  receiversExist,
  alertPathLeadsSomewhere,
]
