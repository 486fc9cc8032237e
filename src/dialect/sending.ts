import type {Json} from '../core/json.ts'
import {pathOf, withoutValueAt, withValueAt} from './change.ts'
import type {Values} from './conditions.ts'
import type {Sent} from './message.ts'
import type {Send} from './schema-message.ts'
import {asText} from './filters.ts'
import {fill, fillText, fillXml, type Lookup} from './template.ts'

/** The message of a template. Throws UnsetValue. */
export function messageOf(send: Send, outer: Lookup, ack?: number): Sent {
  const lookup = withValues(send.with, outer)
  if ('text' in send) return {kind: 'text', value: asText(fillText(send.text, lookup))}
  if ('xml' in send) return {kind: 'text', value: fillXml(send.xml, lookup)}
  if ('json' in send) return {kind: 'json', value: changed(fill(send.json, lookup), send, lookup)}
  const event = asText(fillText(send.event, lookup))
  const value = changed(
    send.args.map((arg) => fill(arg, lookup)),
    send,
    lookup,
  ) as readonly Json[]
  return {kind: 'event', event, value, ...(ack !== undefined && {ack})}
}

/** Each value may use those before it. */
export function withValues(templates: Readonly<Record<string, Json>>, outer: Lookup): Lookup {
  let values: Values = {}
  const lookup: Lookup = (name) => (Object.hasOwn(values, name) ? values[name] : outer(name))
  for (const [name, template] of Object.entries(templates)) values = {...values, [name]: fill(template, lookup)}
  return lookup
}

function changed(
  value: Json,
  {change, drop}: Pick<Extract<Send, {json: Json}>, 'change' | 'drop'>,
  lookup: Lookup,
): Json {
  const replaced = Object.entries(change).reduce(
    (result, [path, template]) => withValueAt(result, pathOf(path), fill(template, lookup)),
    value,
  )
  return drop.reduce((result, path) => withoutValueAt(result, pathOf(path)), replaced)
}
