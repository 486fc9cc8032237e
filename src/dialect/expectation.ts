import type {Json} from '../core/json.ts'
import {parseJsonPath, readJsonPath, type JsonPath} from '../core/json-path.ts'
import {describeMessage, type Received} from './message.ts'
import {compilePattern, type Pattern} from './pattern.ts'
import type {Expectation} from './schema-message.ts'
import {fill, type Lookup} from './template.ts'

/** Values by name, taken from messages. */
export type Values = Readonly<Record<string, Json>>

/** What a message that meets the expectation gives to keep, or null for one that does not. Throws UnsetValue. */
export function meet(message: Received, expectation: Expectation, lookup: Lookup): Values | null {
  if (message.kind === 'ack' || message.kind === 'pong') return null
  if (expectation.event !== undefined && (message.kind !== 'event' || message.event !== expectation.event)) return null
  return meetValue(message.value, expectation, lookup)
}

/** The same for a bare value, as an acknowledgement's arguments. */
export function meetValue(
  value: Json,
  {where, matches, take}: Omit<Expectation, 'event'>,
  lookup: Lookup,
): Values | null {
  for (const [path, template] of Object.entries(where)) {
    const found = at(value, path)
    if (found === undefined || !sameJson(found, fill(template, lookup))) return null
  }
  for (const [path, pattern] of Object.entries(matches)) {
    const found = at(value, path)
    if (typeof found !== 'string' || !compiled(pattern).test(found)) return null
  }
  const taken: Record<string, Json> = {}
  for (const [name, path] of Object.entries(take)) {
    const found = at(value, path)
    if (found === undefined) return null
    taken[name] = found
  }
  return taken
}

/** An expectation in words: `"matched" with $[0].peer`. */
export function describeExpectation({event, where, matches, take}: Expectation): string {
  const conditions = [
    ...Object.entries(where).map(([path, template]) => `${path} = ${JSON.stringify(template)}`),
    ...Object.entries(matches).map(([path, pattern]) => `${path} like /${pattern}/`),
    ...Object.values(take),
  ]
  const name = event === undefined ? 'a message' : `"${event}"`
  return conditions.length === 0 ? name : `${name} with ${conditions.join(', ')}`
}

/** What came instead, in words: the latest few messages. */
export function describeInstead(messages: readonly Received[]): string {
  if (messages.length === 0) return 'nothing'
  const shown = messages.slice(-SHOWN).map((message) => describeMessage(message))
  const more = messages.length - shown.length
  return `${shown.join(', ')}${more > 0 ? ` and ${more} before` : ''}`
}
const SHOWN = 3

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

function at(value: Json, path: string): Json | undefined {
  const steps = paths.get(path) ?? parseJsonPath(path)
  if (!steps) return undefined
  paths.set(path, steps)
  return readJsonPath(value, steps)
}

/** Paths come from the dialect as well; in a load every message is held against them. */
const paths = new Map<string, JsonPath>()

const patterns = new Map<string, Pattern>()

/** Patterns come from the dialect, so there are few of them. */
function compiled(source: string): Pattern {
  const pattern = patterns.get(source) ?? compilePattern(source)
  patterns.set(source, pattern)
  return pattern
}
