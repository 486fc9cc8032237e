import {type JsonObject, isJsonObject} from '../core/json.ts'
import {probeOf} from './check-options.ts'
import {optionsOf} from './check-schema.ts'
import type {Path} from './mistake.ts'

export interface Inherited {
  readonly value: JsonObject
  /** Where an inherited option was said: once for a target, once for the dialect of all. */
  readonly originOf: (path: Path) => Path
}

/**
 * Hands down what is said once: the options of a target to every check on it that knows them, the dialect to every
 * check that speaks it, and the promised metrics to every check that reads some. What a check says itself stands.
 */
export function inherit(config: JsonObject): Inherited {
  const {checks, targets, dialect, metrics} = config
  const origins = new Map<string, Path>()
  if (!isJsonObject(checks)) return {value: config, originOf: (path) => path}
  const expanded = Object.entries(checks).map(([name, check]) => {
    if (!isJsonObject(check)) return [name, check] as const
    const target = typeof check.target === 'string' ? check.target : ''
    const own = isJsonObject(targets) ? targets[target] : undefined
    const known = optionNames(check)
    const offered = [
      ...(dialect === undefined ? [] : [{option: 'dialect', origin: ['dialect']}]),
      ...(metrics === undefined ? [] : [{option: 'contract', origin: ['metrics']}]),
      ...(isJsonObject(own) ? Object.keys(own).map((option) => ({option, origin: ['targets', target, option]})) : []),
    ].filter(({option}) => known.has(option) && check[option] === undefined)
    for (const {option, origin} of offered) origins.set(JSON.stringify(['checks', name, option]), origin)
    const handed = offered.map(({option, origin}) => [option, valueAt(config, origin)] as const)
    return [name, {...Object.fromEntries(handed), ...check}] as const
  })
  return {
    value: {...config, checks: Object.fromEntries(expanded) as JsonObject},
    originOf(path) {
      const origin = origins.get(JSON.stringify(path.slice(0, 3)))
      return origin ? [...origin, ...path.slice(3)] : path
    },
  }
}

/** What a target can tell a check: the options of its probe, and the address family. */
export function optionNames(check: JsonObject): ReadonlySet<string> {
  const probe = probeOf(check)
  return new Set(probe ? [...Object.keys(optionsOf(probe).shape), 'family'] : [])
}

function valueAt(config: JsonObject, path: Path): JsonObject[string] {
  return path.reduce<JsonObject[string]>((value, step) => (isJsonObject(value) ? (value[step] ?? null) : null), config)
}
