import type {Json} from '../core/json.ts'

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
export function describeMessage(message: Received, length = 120): string {
  const name = message.kind === 'event' ? `"${message.event}"` : message.kind === 'ack' ? `ack ${message.ack}` : ''
  const text = message.kind === 'text' ? message.value : JSON.stringify(message.value)
  return [name, text.length > length ? `${text.slice(0, length)}…` : text].filter(Boolean).join(' ')
}
