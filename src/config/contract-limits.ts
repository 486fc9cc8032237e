import {type JsonObject, isJsonObject} from '../core/json.ts'
import {limitsIn} from '../core/limits.ts'
import type {Objective} from '../core/objective.ts'

/** A contract with the limits that objectives ask of its histograms, so that a check can say which no bucket ends at. */
export function withLimits(contract: JsonObject, objectives: readonly Objective[]): JsonObject {
  const limits = objectives.flatMap((objective) => {
    const {prometheus: source, bounds} = objective
    if (!source || !('histogram' in source)) return []
    return bounds.flatMap((bound) => {
      const {min, max} = limitsIn(source, objective, bound)
      return [min, max].flatMap((limit) => (limit === undefined ? [] : [{family: source.histogram, limit}]))
    })
  })
  return Object.fromEntries(
    Object.entries(contract).map(([family, promised]) => {
      const own = limits.filter((one) => one.family === family).map(({limit}) => limit)
      return [family, isJsonObject(promised) && own.length > 0 ? {...promised, limits: [...new Set(own)]} : promised]
    }),
  )
}
