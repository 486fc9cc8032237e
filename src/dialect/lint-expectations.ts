import type {Json} from '../core/json.ts'
import {parseJsonPath, type JsonPath} from '../core/json-path.ts'
import type {Mistake} from './mistakes.ts'
import {compilePattern} from './pattern.ts'
import type {Dialect} from './schema.ts'
import {expectationsOf, pathOf, stepsOf, type Awaited} from './steps.ts'
import {placeholdersOf} from './template.ts'

/** Events that the protocol keeps for itself: no server can emit them, and no client receives them. */
const reserved = new Set(['connect', 'connect_error', 'disconnect', 'disconnecting', 'newListener', 'removeListener'])

/** Expectations that no message can meet. */
export function lintExpectations(dialect: Dialect): Mistake[] {
  const plain = dialect.transport.kind === 'ws'
  return [
    ...expectationsOf(dialect).flatMap(({expectation, isAck}) => {
      const path = pathOf(dialect, expectation)
      const messages = [
        ...eventMistakes(expectation, plain),
        ...(plain ? [] : listMistakes(expectation, isAck)),
        ...contradictions(expectation),
      ]
      return messages.map((message) => ({path, message}))
    }),
    ...(plain ? ackMistakes(dialect) : []),
  ]
}

function eventMistakes({event}: Awaited, plain: boolean): string[] {
  if (event === undefined) return []
  if (plain) return ['expected no `event`: messages of a plain WebSocket have no name, and `where` tells them apart']
  return reserved.has(event)
    ? [`expected an event of the server's own, got "${event}", which Socket.IO never delivers`]
    : []
}

function ackMistakes(dialect: Dialect): Mistake[] {
  return stepsOf(dialect).flatMap(({step}) => {
    if (!('ack' in step) || !step.ack) return []
    const message = 'expected an `expect` in a step of its own: nobody acknowledges messages of a plain WebSocket'
    return [{path: pathOf(dialect, step.ack), message}]
  })
}

/** What an event or an acknowledgement carries is a list, and a list has no named members. */
function listMistakes({where, matches, take}: Awaited, isAck: boolean): string[] {
  const what = isAck ? 'an acknowledgement' : 'an event'
  return [...Object.keys(where), ...Object.keys(matches), ...Object.values(take)].flatMap((path) => {
    const [first] = parseJsonPath(path) ?? []
    if (typeof first !== 'string') return []
    return [`expected a path into the list of arguments of ${what}, such as ${path.replace('$', '$[0]')}, got ${path}`]
  })
}

/** Conditions of which each can hold, but never all. */
function contradictions({where, matches}: Awaited): string[] {
  const fixed = Object.entries(where).map(([path, value]) => ({path, value, steps: parseJsonPath(path) ?? []}))
  const others = [...fixed, ...Object.keys(matches).map((path) => ({path, steps: parseJsonPath(path) ?? []}))]
  return [
    ...Object.entries(matches).flatMap(([path, pattern]) => {
      const same = fixed.find((one) => sameSteps(one.steps, parseJsonPath(path) ?? []))
      if (!same || placeholdersOf(same.value).length > 0) return []
      if (typeof same.value === 'string' && compilePattern(pattern).test(same.value)) return []
      return [
        `expected conditions that can hold together, got ${path} = ${JSON.stringify(same.value)} and /${pattern}/`,
      ]
    }),
    ...fixed.flatMap(({path, value, steps}) => {
      const inside = isScalar(value) ? others.find((other) => isInside(other.steps, steps)) : undefined
      return inside
        ? [
            `expected conditions that can hold together, got ${inside.path} inside ${path}, which is ${JSON.stringify(value)}`,
          ]
        : []
    }),
  ]
}

/** A text with a placeholder may become anything. */
function isScalar(value: Json): boolean {
  return typeof value !== 'object' && placeholdersOf(value).length === 0
}

function sameSteps(a: JsonPath, b: JsonPath): boolean {
  return a.length === b.length && a.every((step, index) => step === b[index])
}

function isInside(path: JsonPath, above: JsonPath): boolean {
  return path.length > above.length && above.every((step, index) => step === path[index])
}
