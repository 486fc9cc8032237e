import type {Json} from '../core/json.ts'
import {applyFilter, asText, encodeUrl} from './filters.ts'
import {escapeXml} from './xml.ts'

/** The value of a placeholder's name, or undefined where nothing has set it. */
export type Lookup = (name: string) => Json | undefined

/** A placeholder that nothing has set: the dialect's mistake, or a server that did not tell. */
export class UnsetValue extends Error {
  override readonly name = 'UnsetValue'
  readonly placeholder: string

  constructor(placeholder: string) {
    super(`{${placeholder}} has no value`)
    this.placeholder = placeholder
  }
}

const NAME = '[A-Za-z_]\\w*(?:\\.[A-Za-z_]\\w*)?'
const FILTER = '(?:\\|([a-z0-9]+))?'
/** `{{name}}` is literal; any brace that encloses no name is itself. */
const placeholder = new RegExp(`\\{(\\{${NAME}(?:\\|[a-z0-9]+)?\\})\\}|\\{(${NAME})${FILTER}\\}`, 'g')
const whole = new RegExp(`^\\{(${NAME})${FILTER}\\}$`)

/** The template with its placeholders replaced, in keys and texts. Throws UnsetValue. */
export function fill(template: Json, lookup: Lookup): Json {
  if (typeof template === 'string') return fillText(template, lookup)
  if (template === null || typeof template !== 'object') return template
  if (Array.isArray(template)) return template.map((item: Json) => fill(item, lookup))
  return Object.fromEntries(
    Object.entries(template).map(([key, item]) => [asText(fillText(key, lookup)), fill(item, lookup)]),
  )
}

/** A text that is one placeholder becomes its value, of whatever type; else values are written into the text. */
export function fillText(template: string, lookup: Lookup): Json {
  if (!asks(template)) return template
  const [, only, filter] = whole.exec(template) ?? []
  return only === undefined ? writeInto(template, lookup, asText) : valueOf(only, filter, lookup)
}

/** A part of a URL, with its values escaped: none of them can end the part that it stands in. */
export function fillUrl(template: string, lookup: Lookup): string {
  return writeInto(template, lookup, (value) => encodeUrl(asText(value)))
}

/** A text in XML, with its values escaped for it. */
export function fillXml(template: string, lookup: Lookup): string {
  return writeInto(template, lookup, (value) => escapeXml(asText(value)))
}

/** The names that a template asks for. */
export function placeholdersOf(template: Json): string[] {
  return askedIn(template).map(({name}) => name)
}

/** The filters in a template. */
export function filtersOf(template: Json): string[] {
  return askedIn(template).flatMap(({filter}) => filter ?? [])
}

function askedIn(template: Json): {name: string; filter: string | undefined}[] {
  if (typeof template === 'string') {
    if (!asks(template)) return []
    return [...template.matchAll(placeholder)].flatMap(([, , name, filter]) =>
      name === undefined ? [] : [{name, filter}],
    )
  }
  if (template === null || typeof template !== 'object') return []
  if (Array.isArray(template)) return template.flatMap((item: Json) => askedIn(item))
  return Object.entries(template).flatMap(([key, item]) => [...askedIn(key), ...askedIn(item)])
}

/** Most texts ask for nothing, and k6 compiles a pattern anew at every use. */
function asks(template: string): boolean {
  return template.includes('{')
}

function writeInto(template: string, lookup: Lookup, write: (value: Json) => string): string {
  return template.replace(placeholder, (_, ...groups: (string | undefined)[]) => {
    const [literal, name = '', filter] = groups
    return literal ?? write(valueOf(name, filter, lookup))
  })
}

function valueOf(name: string, filter: string | undefined, lookup: Lookup): Json {
  const value = lookup(name)
  if (value === undefined) throw new UnsetValue(name)
  return filter === undefined ? value : applyFilter(filter, value)
}
