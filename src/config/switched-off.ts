import {type JsonObject, isJsonObject} from '../core/json.ts'
import type {Explanation} from './explain.ts'
import {unknownName} from './nearest.ts'

/** A check that is switched off is gone after the merge, unless nothing below had one of that name: a mistake. */
export function withoutSwitchedOff(config: JsonObject): {config: JsonObject; unknown: readonly Explanation[]} {
  const {checks} = config
  if (!isJsonObject(checks)) return {config, unknown: []}
  const known = Object.entries(checks).filter(([, check]) => check !== null)
  const names = known.map(([name]) => name)
  const unknown = Object.keys(checks).filter((name) => checks[name] === null)
  return {
    config: {...config, checks: Object.fromEntries(known)},
    unknown: unknown.map((name) => ({path: ['checks', name], at: 'key', message: unknownName('a check', name, names)})),
  }
}
