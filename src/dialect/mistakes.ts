import type {Json} from '../core/json.ts'
import {filterNames, isFilter} from './filters.ts'
import {otherOf} from './conversation-state.ts'
import {clientsOf, sidesOf, type Side} from './plan.ts'
import type {Delivery} from './schema-conversation.ts'
import type {Dialect} from './schema.ts'
import {takenBy} from './taken.ts'
import {pathOf, sendsOf, stepsOf} from './steps.ts'
import {filtersOf, placeholdersOf} from './template.ts'

export interface Mistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What the schema's shape cannot say: parts of a dialect that do not fit each other. */
export function mistakesOf(dialect: Dialect): Mistake[] {
  return [
    ...matchMistakes(dialect),
    ...transportMistakes(dialect),
    ...sendMistakes(dialect),
    ...stepMistakes(dialect),
    ...handoverMistakes(dialect),
    ...roundTripMistakes(dialect),
    ...filterMistakes(dialect),
  ]
}

function matchMistakes({match, ids}: Dialect): Mistake[] {
  if (!match) return []
  const {isolation, join, matched} = match
  if (isolation === undefined) {
    const message = 'expected `join`, `matched`, or with nothing but a room its `isolation`'
    return join.length > 0 || matched ? [] : [{path: ['match'], message}]
  }
  if (ids[isolation]?.shared) return []
  const message = `expected the name of an id with \`shared: true\`, got "${isolation}"`
  return [{path: ['match', 'isolation'], message}]
}

/** Before the connection there are only the fresh ids, the values and what was asked for by HTTP, by each client for itself. */
function transportMistakes(dialect: Dialect): Mistake[] {
  const {transport, ids, values, before} = dialect
  const taken = (side: Side) =>
    before.flatMap((step) => (step.only === undefined || step.only === side ? takenBy(step) : []))
  const names = ['side', ...Object.keys(ids), ...Object.keys(values)]
  const known = {a: new Set([...names, ...taken('a')]), b: new Set([...names, ...taken('b')])}
  const isSet = (name: string) =>
    sidesOf(dialect).every((side) =>
      name.startsWith('other.') ? known[otherOf(side)].has(name.slice('other.'.length)) : known[side].has(name),
    )
  return (['path', 'headers', 'query', 'auth'] as const).flatMap((field) => {
    const template = field in transport ? (transport as Readonly<Record<string, Json | undefined>>)[field] : undefined
    const unset = placeholdersOf(template ?? {}).filter((name) => !isSet(name))
    // What stands there may be a secret with braces in it, so it is not shown.
    const message =
      'expected in braces the name of one of the `ids`, of a value that `before` takes for every client, or {side}; braces that are meant are doubled: {{name}}'
    return unset.slice(0, 1).map(() => ({path: ['transport', field], message}))
  })
}

/** Events belong to Socket.IO, bare messages to a plain WebSocket. */
function sendMistakes(dialect: Dialect): Mistake[] {
  const socketIo = dialect.transport.kind === 'socket.io'
  const expected = socketIo
    ? '`event`, as the transport is socket.io'
    : '`json`, `text` or `xml`, as the transport is ws'
  return sendsOf(dialect)
    .filter((send) => 'event' in send !== socketIo)
    .map((send) => ({path: pathOf(dialect, send), message: `expected ${expected}`}))
}

/** What stands in a transport may be a secret, so it is not shown. */
function filterMistakes({transport, ...rest}: Dialect): Mistake[] {
  const expected = `expected a filter (${filterNames.join(', ')})`
  const unknown = (part: object) =>
    filtersOf(JSON.parse(JSON.stringify(part)) as Json).filter((name) => !isFilter(name))
  return [
    ...unknown(transport).map(() => ({path: ['transport'], message: expected})),
    ...Object.entries(rest).flatMap(([part, value]) =>
      typeof value === 'object'
        ? unknown(value).map((name) => ({path: [part], message: `${expected}, got "|${name}"`}))
        : [],
    ),
  ]
}

/** A client B exists only where two are needed, and Socket.IO hides the ping frame. */
function stepMistakes(dialect: Dialect): Mistake[] {
  const {transport, before, open, match, leave} = dialect
  const one = clientsOf(dialect) === 1
  const only = [...before, ...open, ...(match?.join ?? []), ...leave].filter((step) => one && step.only === 'b')
  return [
    ...only.map((step) => ({
      path: [...pathOf(dialect, step), 'only'],
      message: 'expected "a": one client is enough for these round trips',
    })),
    ...stepsOf(dialect).flatMap(({stage, step}): Mistake[] => {
      if ('ping' in step && transport.kind === 'socket.io') {
        return [{path: pathOf(dialect, step), message: 'expected another step: Socket.IO hides the ping frame'}]
      }
      if (!('meet' in step)) return []
      const come = stepsOf(dialect).filter(
        (other) => other.stage === stage && 'meet' in other.step && other.step.meet === step.meet,
      )
      if (new Set(come.map(({side}) => side)).size === 2) return []
      return [
        {path: pathOf(dialect, step), message: `expected both clients to come to "${step.meet}", or it never ends`},
      ]
    }),
  ]
}

function handoverMistakes({handover}: Dialect): Mistake[] {
  if (!handover) return []
  const {offerer, offer, answer, candidate} = handover
  const wanted = (name: 'offer' | 'answer', delivery: Delivery, fields: readonly ('send' | 'expect')[]): Mistake[] =>
    fields
      .filter((field) => delivery[field] === undefined)
      .map((field) => ({path: ['handover', name], message: `expected \`${field}\``}))
  if (handover.with === 'client') {
    return [
      ...(offerer === 'server'
        ? [{path: ['handover', 'offerer'], message: 'expected "a" or "b", as the other end is a client'}]
        : []),
      ...wanted('offer', offer, ['send', 'expect']),
      ...wanted('answer', answer, ['send', 'expect']),
      ...(candidate && !candidate.expect
        ? [{path: ['handover', 'candidate'], message: 'expected `expect`: the other client receives it'}]
        : []),
    ]
  }
  if (offerer === 'server') return [...wanted('offer', offer, ['expect']), ...wanted('answer', answer, ['send'])]
  return [
    ...(offerer === 'a'
      ? []
      : [{path: ['handover', 'offerer'], message: 'expected "server", or nothing: each client offers to the server'}]),
    ...wanted('offer', offer, ['send']),
    ...wanted('answer', answer, ['expect']),
  ]
}

function roundTripMistakes({transport, roundTrip}: Dialect): Mistake[] {
  if (roundTrip.kind !== 'ping' || transport.kind === 'ws') return []
  return [{path: ['roundTrip', 'kind'], message: 'expected "relay", "reply" or "ack": Socket.IO hides the ping frame'}]
}
