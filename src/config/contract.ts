import type {Objective} from '../core/objective.ts'
import {withLimits} from './contract-limits.ts'
import {isJsonObject, type JsonObject} from './layer.ts'
import {objectivesOf} from './objectives.ts'
import {resolveConfig} from './resolve-config.ts'

/** What a profile promises of a page of metrics: its families, and the objectives that one can decide. */
export async function loadContract(
  profile: string,
  cwd: string,
): Promise<{contract: JsonObject; objectives: readonly Objective[]}> {
  const {config, settings} = await resolveConfig({flags: {profile}, env: {}, cwd})
  const objectives = objectivesOf(config)
  return {
    contract: isJsonObject(settings.metrics) ? withLimits(settings.metrics, objectives) : {},
    objectives: objectives.filter(({sources}) => sources.includes('metrics')),
  }
}
