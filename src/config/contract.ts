import {type JsonObject, isJsonObject} from '../core/json.ts'
import {UserError} from '../core/errors.ts'
import type {Objective} from '../core/objective.ts'
import {withLimits} from './contract-limits.ts'
import {objectivesOf} from './objectives.ts'
import {profileSchema} from './profile-schema.ts'
import {showProfile} from './show-profile.ts'

/** What a profile promises of a page of metrics: its families, and the objectives that one can decide. */
export async function loadContract(
  profile: string,
  cwd: string,
): Promise<{contract: JsonObject; objectives: readonly Objective[]}> {
  const shown = await showProfile(profile, cwd)
  const parsed = profileSchema.pick({objectives: true}).loose().safeParse(shown)
  if (!parsed.success) {
    throw new UserError(`--profile: ${profile} has mistakes`, `probe config validate --profile ${profile} tells them`)
  }
  const objectives = objectivesOf(parsed.data)
  return {
    contract: isJsonObject(shown.metrics) ? withLimits(shown.metrics, objectives) : {},
    objectives: objectives.filter(({sources}) => sources.includes('metrics')),
  }
}
