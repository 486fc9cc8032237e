import {type Json, type JsonObject, isJsonObject} from '../core/json.ts'
import type {Path} from './mistake.ts'

/** The same document with other scalars. */
export function replaceLeaves(document: JsonObject, leaves: Iterable<readonly [Path, Json]>): JsonObject {
  const values = new Map<string, Json>()
  for (const [path, value] of leaves) values.set(JSON.stringify(path), value)
  return Object.fromEntries(Object.entries(document).map(([name, value]) => [name, replaced(value, values, [name])]))
}

function replaced(value: Json, values: ReadonlyMap<string, Json>, path: Path): Json {
  if (Array.isArray(value)) return value.map((item: Json, index) => replaced(item, values, [...path, index]))
  if (!isJsonObject(value)) return values.get(JSON.stringify(path)) ?? value
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, replaced(item, values, [...path, name])]),
  )
}
