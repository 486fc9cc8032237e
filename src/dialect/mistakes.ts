import type {Json} from '../core/json.ts'
import {clientsOf} from './plan.ts'
import type {Send, Step} from './schema-message.ts'
import type {Dialect} from './schema.ts'
import {placeholdersOf} from './template.ts'

export interface Mistake {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** What the schema's shape cannot say: parts of a dialect that do not fit each other. */
export function mistakesOf(dialect: Dialect): Mistake[] {
  return [
    ...isolationMistakes(dialect),
    ...transportMistakes(dialect),
    ...sendMistakes(dialect),
    ...roundTripMistakes(dialect),
  ]
}

function isolationMistakes({match, ids}: Dialect): Mistake[] {
  if (match?.isolation === undefined || ids[match.isolation]?.shared) return []
  const message = `expected the name of an id with \`shared: true\`, got "${match.isolation}"`
  return [{path: ['match', 'isolation'], message}]
}

/** Before the connection there are only the fresh ids. */
function transportMistakes({transport, ids}: Dialect): Mistake[] {
  const isSet = (name: string) => name === 'side' || Object.hasOwn(ids, name.replace(/^other\./, ''))
  return (['headers', 'query', 'auth'] as const).flatMap((field) => {
    const template = field in transport ? (transport as Readonly<Record<string, Json | undefined>>)[field] : undefined
    const unset = placeholdersOf(template ?? {}).filter((name) => !isSet(name))
    // What stands there may be a secret with braces in it, so it is not shown.
    const message =
      'expected in braces the name of one of the `ids`, or {side}; braces that are meant are doubled: {{name}}'
    return unset.slice(0, 1).map(() => ({path: ['transport', field], message}))
  })
}

/** Events belong to Socket.IO, bare messages to a plain WebSocket; a client B exists only where two are needed. */
function sendMistakes(dialect: Dialect): Mistake[] {
  const {transport, open, match, handover, roundTrip, leave} = dialect
  const socketIo = transport.kind === 'socket.io'
  const expected = socketIo ? '`event`, as the transport is socket.io' : '`json` or `text`, as the transport is ws'
  const ofSend = (path: Mistake['path'], send: Send): Mistake[] =>
    'event' in send === socketIo ? [] : [{path, message: `expected ${expected}`}]
  const ofSteps = (path: Mistake['path'], steps: readonly Step[]) =>
    steps.flatMap((step, index): Mistake[] => [
      ...('send' in step ? ofSend([...path, index, 'send'], step.send) : []),
      ...(step.only === 'b' && clientsOf(dialect) === 1
        ? [{path: [...path, index, 'only'], message: 'expected "a": one client is enough for these round trips'}]
        : []),
    ])
  return [
    ...ofSteps(['open'], open),
    ...ofSteps(['match', 'join'], match?.join ?? []),
    ...(['offer', 'answer', 'candidate'] as const).flatMap((name) => {
      const delivery = handover?.[name]
      return delivery ? ofSend(['handover', name, 'send'], delivery.send) : []
    }),
    ...('send' in roundTrip ? ofSend(['roundTrip', 'send'], roundTrip.send) : []),
    ...ofSteps(['leave'], leave),
  ]
}

function roundTripMistakes({transport, roundTrip}: Dialect): Mistake[] {
  if (roundTrip.kind !== 'ping' || transport.kind === 'ws') return []
  return [{path: ['roundTrip', 'kind'], message: 'expected "relay", "reply" or "ack": Socket.IO hides the ping frame'}]
}
