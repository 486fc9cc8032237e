import type {Json} from '../core/json.ts'
import type {Reporter} from './reporter.ts'

/** What JSON itself leaves as it is and a terminal obeys or a reader cannot see. The escape means the same text. */
const unprintable = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g

/** The report as one document, by `schemas/report.schema.json`. The same report gives the same bytes. */
export const json: Reporter = ({schema, status, run, verdicts, checks, exports}) => {
  const document = {schema, status, run, verdicts, checks, exports}
  const text = JSON.stringify(document, (key, value: Json) => (key === '' ? value : sorted(value)), 2)
  return text.replace(unprintable, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** Members in alphabetical order, but for the top, which stands in the order of reading. */
function sorted(value: Json): Json {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}
