import type {Json} from '../core/json.ts'

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
/** `{{name}}` is literal; any brace that encloses no name is itself. */
const placeholder = new RegExp(`\\{\\{(${NAME})\\}\\}|\\{(${NAME})\\}`, 'g')
const whole = new RegExp(`^\\{(${NAME})\\}$`)

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
  const only = whole.exec(template)?.[1]
  if (only !== undefined) return valueOf(only, lookup)
  return template.replace(placeholder, (_, literal: string | undefined, name: string | undefined) =>
    literal === undefined ? asText(valueOf(name ?? '', lookup)) : `{${literal}}`,
  )
}

/** The names that a template asks for. */
export function placeholdersOf(template: Json): string[] {
  if (typeof template === 'string') {
    return [...template.matchAll(placeholder)].flatMap(([, , name]) => (name === undefined ? [] : [name]))
  }
  if (template === null || typeof template !== 'object') return []
  if (Array.isArray(template)) return template.flatMap((item: Json) => placeholdersOf(item))
  return Object.entries(template).flatMap(([key, item]) => [...placeholdersOf(key), ...placeholdersOf(item)])
}

function valueOf(name: string, lookup: Lookup): Json {
  const value = lookup(name)
  if (value === undefined) throw new UnsetValue(name)
  return value
}

/** A text as it is; anything else as JSON. */
export function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}
