import type {Json} from '../core/json.ts'
import {meetConditions, type Values} from './conditions.ts'
import {asText} from './filters.ts'
import {describeMessage, type Received} from './message.ts'
import type {Conditions, Expectation, ItemConditions} from './schema-message.ts'
import {fillText, type Lookup} from './template.ts'

/** What a message that meets the expectation gives to keep, or null for one that does not. Throws UnsetValue. */
export function meet(message: Received, expectation: Expectation, lookup: Lookup): Values | null {
  if (message.kind !== 'event' && message.kind !== 'json' && message.kind !== 'text') return null
  const {event} = expectation
  if (event !== undefined && (message.kind !== 'event' || message.event !== asText(fillText(event, lookup))))
    return null
  return meetConditions(message.value, expectation, lookup)
}

/** An expectation in words: `"matched" with $[0].peer`. */
export function describeExpectation(expectation: Conditions & {readonly event?: string | undefined}): string {
  const {event, among} = expectation
  const conditions = [
    ...describeConditions(expectation),
    ...(among ? [`one in ${among.path} (${describeConditions(among).join(', ') || 'any'})`] : []),
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

function describeConditions({where, not, has, absent, least, matches, take}: ItemConditions): string[] {
  const pairs = (of: Readonly<Record<string, Json>>, sign: string) =>
    Object.entries(of).map(([path, value]) => `${path} ${sign} ${JSON.stringify(value)}`)
  return [
    ...pairs(where, '='),
    ...pairs(not, '≠'),
    ...pairs(least, '≥'),
    ...Object.entries(matches).map(([path, pattern]) => `${path} like /${pattern}/`),
    ...has,
    ...absent.map((path) => `no ${path}`),
    ...Object.values(take),
  ]
}
