import {type Json, type JsonObject, isJsonObject} from '../core/json.ts'
import type {Layer} from './layer.ts'
import type {Path} from './mistake.ts'

/** Writes out what people write short: a target may be its address alone, and `false` switches a check off. */
export function writtenOut(layer: Layer): Layer {
  const {targets, checks} = layer.value
  return {
    ...layer,
    value: {
      ...layer.value,
      ...(isJsonObject(targets) && {targets: mapValues(targets, addressed)}),
      ...(isJsonObject(checks) && {checks: mapValues(checks, (check) => (check === false ? null : check))}),
    },
    locate(path, at) {
      const short = shortPath(path, targets)
      if (!short) return layer.locate(path, at)
      const found = layer.locate(short, at)
      return {...found, depth: found.depth + 1}
    },
  }
}

/** The path of an address that stands in the place of its whole target. */
function shortPath([section, name, field, ...rest]: Path, targets: Json | undefined): Path | undefined {
  if (section !== 'targets' || name === undefined || field !== 'address' || !isJsonObject(targets)) return undefined
  const target = targets[name]
  return target === undefined || isJsonObject(target) ? undefined : [section, name, ...rest]
}

function addressed(target: Json): Json {
  return target === null || isJsonObject(target) ? target : {address: target}
}

function mapValues(object: JsonObject, change: (value: Json) => Json): JsonObject {
  return Object.fromEntries(Object.entries(object).map(([name, value]) => [name, change(value)]))
}
