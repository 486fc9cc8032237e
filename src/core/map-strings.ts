import type {Json} from './json.ts'

/** The same document with every string of it, keys included, replaced. */
export function mapStrings<T>(document: T, replace: (text: string) => string): T {
  return mapped(document as Json, replace) as T
}

function mapped(value: Json, replace: (text: string) => string): Json {
  if (typeof value === 'string') return replace(value)
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: Json) => mapped(item, replace))
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [replace(key), mapped(item, replace)]))
}
