import type {Json} from '../core/json.ts'
import {beginning} from './beginning.ts'

/** What a dialect can receive, whatever carries it. `value` is what its JSON paths begin at: of an event, the arguments. */
export type Received =
  | {readonly kind: 'event'; readonly event: string; readonly value: readonly Json[]}
  | {readonly kind: 'ack'; readonly ack: number; readonly value: readonly Json[]}
  | {readonly kind: 'json'; readonly value: Json}
  | {readonly kind: 'text'; readonly value: string}
  | {readonly kind: 'pong'; readonly value: string}

/** What a dialect can send. An event with an `ack` asks the server to acknowledge it under this number. */
export type Sent =
  | {readonly kind: 'event'; readonly event: string; readonly value: readonly Json[]; readonly ack?: number}
  | {readonly kind: 'json'; readonly value: Json}
  | {readonly kind: 'text'; readonly value: string}
  | {readonly kind: 'ping'; readonly value: string}

/** A message as one line for people: its name and the beginning of what it holds. */
export function describeMessage(message: Received): string {
  const name =
    message.kind === 'event' ? `"${beginning(message.event)}"` : message.kind === 'ack' ? `ack ${message.ack}` : ''
  const text = message.kind === 'text' ? message.value : JSON.stringify(message.value)
  return [name, beginning(text)].filter(Boolean).join(' ')
}
