import type {Sent} from './message.ts'
import type {Send} from './schema-message.ts'
import {asText, fill, fillText, type Lookup} from './template.ts'

/** The message of a template. Throws UnsetValue. */
export function messageOf(send: Send, lookup: Lookup, ack?: number): Sent {
  if ('json' in send) return {kind: 'json', value: fill(send.json, lookup)}
  if ('text' in send) return {kind: 'text', value: asText(fillText(send.text, lookup))}
  const event = asText(fillText(send.event, lookup))
  return {kind: 'event', event, value: send.args.map((arg) => fill(arg, lookup)), ...(ack !== undefined && {ack})}
}
