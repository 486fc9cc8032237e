import type {Json} from '../core/json.ts'
import {isJsonObject, type JsonObject, type Layer} from './layer.ts'

/**
 * Lays one layer over another: mappings merge, everything else replaces, and null removes what a lower layer said
 * (RFC 7396). A null with nothing below it stays, for the schema to judge; an empty section is none.
 */
export function mergeLayers(layers: readonly Layer[]): JsonObject {
  const merged = layers.reduce<JsonObject>((below, {value}) => merge(below, value), {})
  return Object.fromEntries(Object.entries(merged).filter(([, section]) => section !== null))
}

function merge(below: JsonObject, above: JsonObject): JsonObject {
  const result = new Map<string, Json>(Object.entries(below))
  for (const [name, value] of Object.entries(above)) {
    const under = result.get(name)
    if (value === null && under !== undefined) result.delete(name)
    else result.set(name, isJsonObject(value) && isJsonObject(under) ? merge(under, value) : value)
  }
  return Object.fromEntries(result)
}
