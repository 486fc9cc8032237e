import type {Json} from '../core/json.ts'
import {beginning} from './beginning.ts'
import {asText} from './filters.ts'

/**
 * What a dialect can receive, whatever carries it. `value` is what its JSON paths begin at: of an event, the arguments.
 * An event with an `ack` is one that the server wants to have acknowledged; bytes that are no text come as base64.
 */
export type Received =
  | {readonly kind: 'event'; readonly event: string; readonly value: readonly Json[]; readonly ack?: number}
  | {readonly kind: 'ack'; readonly ack: number; readonly value: readonly Json[]}
  | {readonly kind: 'json'; readonly value: Json}
  | {readonly kind: 'text'; readonly value: string}
  | {readonly kind: 'pong'; readonly value: string}
  | {readonly kind: 'binary'; readonly value: string}
  | {readonly kind: 'http'; readonly value: HttpAnswer}

/** The answer to a request before the connection. The body is JSON where it is such, else text. */
// eslint-disable-next-line @typescript-eslint/consistent-type-definitions -- an interface is no Json
export type HttpAnswer = {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Json
}

/** What a dialect can send. An event with an `ack` asks the server to acknowledge it under this number. */
export type Sent =
  | {readonly kind: 'event'; readonly event: string; readonly value: readonly Json[]; readonly ack?: number}
  | {readonly kind: 'json'; readonly value: Json}
  | {readonly kind: 'text'; readonly value: string}
  | {readonly kind: 'ack'; readonly ack: number; readonly value: readonly Json[]}
  | {readonly kind: 'ping'; readonly value: string}

/** A message as one line for people: its name and the beginning of what it holds. */
export function describeMessage(message: Received): string {
  switch (message.kind) {
    case 'event':
      return `"${beginning(message.event)}" ${beginning(JSON.stringify(message.value))}`
    case 'ack':
      return `ack ${message.ack} ${beginning(JSON.stringify(message.value))}`
    case 'text':
      return beginning(message.value)
    case 'binary':
      return `bytes that are no text (base64 ${beginning(message.value, 40)})`
    case 'http':
      return describeAnswer(message.value)
    case 'json':
    case 'pong':
      return beginning(JSON.stringify(message.value))
  }
}

/** Where it leads to is shown without what may hold a ticket. */
function describeAnswer({status, headers, body}: HttpAnswer): string {
  const [place = ''] = headers.location?.replace(/^(\w+:\/\/)[^/?#]*@/, '$1').split(/[?#]/) ?? []
  const to = place === '' ? [] : [`to ${beginning(place)}`]
  return [String(status), ...to, beginning(asText(body))].filter(Boolean).join(' ')
}
