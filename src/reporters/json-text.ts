import type {Json} from '../core/json.ts'

/** What JSON itself leaves as it is and a terminal obeys or a reader cannot see. The escape means the same text. */
const unprintable = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** A document as it is printed: the same document gives the same bytes, and none that a terminal would obey. */
export function jsonText(document: Json): string {
  const text = JSON.stringify(document, (key, value: Json) => (key === '' ? value : sorted(value)), 2)
  return text.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Members in alphabetical order, but for the top, which stands in the order of reading. */
function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
