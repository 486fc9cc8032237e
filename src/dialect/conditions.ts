import {readJsonPath, type JsonPath} from '../core/json-path.ts'
import type {Json} from '../core/json.ts'
import {pathOf, withValueAt} from './change.ts'
import {asText, decode} from './filters.ts'
import {parseJson} from './parse-json.ts'
import {compilePattern, type Pattern} from './pattern.ts'
import type {Conditions, ItemConditions} from './schema-message.ts'
import {fill, fillText, type Lookup} from './template.ts'

/** Values by name, taken from messages. */
export type Values = Readonly<Record<string, Json>>

/** What a value that meets the conditions gives to keep, or null for one that does not. Throws UnsetValue. */
export function meetConditions(value: Json, conditions: Conditions, lookup: Lookup): Values | null {
  const read = readInside(value, conditions.parse)
  if (read === undefined) return null
  const own = meetItem(read, conditions, lookup)
  if (!own) return null
  const {among} = conditions
  if (!among) return decoded(own, conditions)
  const list = readJsonPath(read, filled(among.path, lookup))
  const items: readonly Json[] = Array.isArray(list) ? list : []
  for (const item of items) {
    const found = meetItem(item, among, lookup)
    if (found) return decoded({...own, ...found}, conditions)
  }
  return null
}

/** Everything but the search in a list. */
function meetItem(value: Json, conditions: ItemConditions, lookup: Lookup): Values | null {
  const at = (path: string) => readJsonPath(value, filled(path, lookup))
  const {where, not, has, absent, least, matches, take} = conditions
  const holds =
    has.every((path) => isThere(at(path))) &&
    absent.every((path) => !isThere(at(path))) &&
    Object.entries(where).every(([path, template]) => isEqual(at(path), fill(template, lookup))) &&
    Object.entries(not).every(([path, template]) => !isEqual(at(path), fill(template, lookup))) &&
    Object.entries(least).every(([path, count]) => countOf(at(path)) >= count)
  if (!holds) return null
  const taken: Record<string, Json> = {}
  for (const [path, pattern] of Object.entries(matches)) {
    const found = at(path)
    const groups = typeof found === 'string' ? compiled(pattern).groups(found) : null
    if (!groups) return null
    Object.assign(taken, groups)
  }
  for (const [name, path] of Object.entries(take)) {
    const found = at(path)
    if (found === undefined) return null
    taken[name] = found
  }
  return taken
}

/** JSON text inside JSON, read in its place; undefined where there is none. */
function readInside(value: Json, paths: readonly string[]): Json | undefined {
  let read: Json | undefined = value
  for (const path of paths.map(pathOf)) {
    const text = readJsonPath(read, path)
    const inner = typeof text === 'string' ? parseJson(text) : undefined
    if (inner === undefined) return undefined
    read = withValueAt(read, path, inner)
  }
  return read
}

function decoded(values: Values, {decode: decoders}: Conditions): Values | null {
  const read: Record<string, Json> = {...values}
  for (const [name, decoder] of Object.entries(decoders)) {
    const value = decode(decoder, values[name] ?? null)
    if (value === undefined) return null
    read[name] = value
  }
  return read
}

/** The names in a path may be values themselves: `$.users['{peer}']`. */
function filled(path: string, lookup: Lookup): JsonPath {
  return pathOf(path).map((step) => (typeof step === 'string' ? asText(fillText(step, lookup)) : step))
}

/** Null is how many servers say that there is nothing. */
function isThere(value: Json | undefined): boolean {
  return value !== undefined && value !== null
}

function countOf(value: Json | undefined): number {
  if (typeof value === 'number') return value
  return Array.isArray(value) ? value.length : -Infinity
}

function isEqual(one: Json | undefined, other: Json): boolean {
  return one !== undefined && sameJson(one, other)
}

/** Equal as JSON values: the order of members does not count. */
export function sameJson(a: Json, b: Json): boolean {
  if (a === b) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  const keys = Object.keys(a)
  if (keys.length !== Object.keys(b).length) return false
  const [left, right] = [a as Values, b as Values]
  return keys.every((key) => {
    const [one, other] = [left[key], Object.hasOwn(right, key) ? right[key] : undefined]
    return one !== undefined && other !== undefined && sameJson(one, other)
  })
}

const patterns = new Map<string, Pattern>()

/** Patterns come from the dialect, so there are few of them. */
function compiled(source: string): Pattern {
  const pattern = patterns.get(source) ?? compilePattern(source)
  patterns.set(source, pattern)
  return pattern
}
