import {type Json, type JsonObject, isJsonObject} from '../core/json.ts'
import {z} from 'zod'
import type {Layer} from './layer.ts'
import {facetsBelow, facetsOf, fits, type Facet} from './walk-schema.ts'

/**
 * Lays one layer over another: mappings merge, everything else replaces, and null removes what a lower layer said
 * (RFC 7396). A null with nothing below it stays, for the schema to judge; an empty section says nothing. Where the schema
 * has alternatives (a bearer token or a password), a mapping replaces: half of each would be neither.
 */
export function mergeLayers(layers: readonly Layer[], schema: z.core.$ZodType): JsonObject {
  const facets = facetsOf(schema)
  return layers.reduce<JsonObject>((below, {value}) => {
    const said = Object.entries(value).filter(([, section]) => section !== null)
    return merge(below, Object.fromEntries(said), facets)
  }, {})
}

function merge(below: JsonObject, above: JsonObject, facets: readonly Facet[]): JsonObject {
  if (!isOneShape(facets, below, above)) return above
  const result = new Map<string, Json>(Object.entries(below))
  for (const [name, value] of Object.entries(above)) {
    const under = result.get(name)
    const inside = facetsBelow(facets, {...below, ...above}, name)
    if (value === null && under !== undefined) result.delete(name)
    else result.set(name, isJsonObject(value) && isJsonObject(under) ? merge(under, value, inside) : value)
  }
  return Object.fromEntries(result)
}

/** Of several variants exactly one must fit both: the one whose literals (`probe: http`) both name, or leave open. */
function isOneShape(facets: readonly Facet[], below: JsonObject, above: JsonObject): boolean {
  const variants = facets.flatMap(({schema}) => (schema instanceof z.ZodObject ? [schema] : []))
  return variants.length < 2 || variants.filter((one) => fits(one, below) && fits(one, above)).length === 1
}
