import {parseJsonPath, type JsonPath} from '../core/json-path.ts'
import {isJsonObject, type Json} from '../core/json.ts'

/** A value with another one at a path: objects on the way are made, an index may be the first after the last. */
export function withValueAt(value: Json | undefined, path: JsonPath, replacement: Json): Json {
  const [key, ...rest] = path
  if (key === undefined) return replacement
  if (typeof key === 'number') {
    const items: readonly Json[] = Array.isArray(value) ? value : []
    const index = key < 0 ? items.length + key : Math.min(key, items.length)
    return [...items.slice(0, index), withValueAt(items[index], rest, replacement), ...items.slice(index + 1)]
  }
  const members = isJsonObject(value) ? value : {}
  const member = Object.hasOwn(members, key) ? members[key] : undefined
  return Object.fromEntries([
    ...Object.entries(members).filter(([name]) => name !== key),
    [key, withValueAt(member, rest, replacement)],
  ])
}

/** A value without what stands at a path. */
export function withoutValueAt(value: Json, path: JsonPath): Json {
  const [key, ...rest] = path
  if (key === undefined || value === null || typeof value !== 'object') return value
  if (isList(value)) {
    if (typeof key !== 'number') return value
    return value.flatMap((item: Json, index) =>
      index !== key ? [item] : rest.length === 0 ? [] : [withoutValueAt(item, rest)],
    )
  }
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, member]) =>
      name !== key ? [[name, member]] : rest.length === 0 ? [] : [[name, withoutValueAt(member, rest)]],
    ),
  )
}

const paths = new Map<string, JsonPath>()

/** The path that a dialect says; the schema has read it before. In a load every message is held against it: it is read once. */
export function pathOf(text: string): JsonPath {
  const steps = paths.get(text) ?? parseJsonPath(text) ?? []
  paths.set(text, steps)
  return steps
}

/** `Array.isArray` knows no readonly arrays. */
function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value)
}
