import {type Json, type JsonObject, isJsonObject} from '../core/json.ts'
import {LineCounter, parseDocument, visit, type Document, type YAMLError} from 'yaml'
import {ConfigError, type Mistake, type Place} from './mistake.ts'

/** An alias that multiplies itself (a "billion laughs") ends here. */
const MOST_ALIASES = 1000

export interface ParsedYaml {
  readonly document: Document
  readonly value: JsonObject
  readonly placeAt: (offset: number) => Place
}

/** Parses a file that holds one mapping. Everything that is wrong with it as YAML comes in one ConfigError. */
export function parseYaml(text: string, source: string): ParsedYaml {
  const lineCounter = new LineCounter()
  const placeAt = (offset: number): Place => {
    const {line, col} = lineCounter.linePos(offset)
    return {source, line, column: col}
  }
  const mistake = (offset: number, message: string): Mistake => ({place: placeAt(offset), path: [], message})
  let document: Document
  let value: Json
  try {
    document = parseDocument(text, {lineCounter, prettyErrors: false, stringKeys: true})
    const wrong = telling([...document.errors, ...document.warnings])
    if (wrong.length > 0) throw new ConfigError(wrong.map((error) => mistake(error.pos[0], said(error, text))))
    visit(document, {
      Alias(_key, alias, above) {
        if (!above.some((node) => node === alias.resolve(document))) return
        throw new ConfigError([
          mistake(alias.range?.[0] ?? 0, 'expected an alias of something else, got one of what it is in'),
        ])
      },
    })
    value = document.toJS({maxAliasCount: MOST_ALIASES}) as Json
  } catch (error) {
    if (error instanceof ConfigError) throw error
    if (error instanceof RangeError)
      throw new ConfigError([mistake(0, 'expected YAML, got too many levels of nesting')])
    if (!(error instanceof ReferenceError)) throw error
    throw new ConfigError([mistake(0, 'expected aliases that stay small, got one that multiplies itself')])
  }
  if (value === null) return {document, value: {}, placeAt}
  if (isJsonObject(value)) return {document, value, placeAt}
  throw new ConfigError([mistake(0, `expected names with values, got ${Array.isArray(value) ? 'a list' : 'a text'}`)])
}

const aboutNames = new Set(['DUPLICATE_KEY', 'TAG_RESOLVE_FAILED'])

/** After the first error of syntax the parser is out of step, and what else it says of syntax is noise. */
function telling(errors: readonly YAMLError[]): YAMLError[] {
  const first = errors.find(({code}) => !aboutNames.has(code))
  return errors.filter((error) => error === first || (aboutNames.has(error.code) && !isAfter(error, first)))
}

function isAfter({pos: [offset]}: YAMLError, first: YAMLError | undefined): boolean {
  return first !== undefined && offset > first.pos[0]
}

function said({code, message, pos: [offset]}: YAMLError, text: string): string {
  if (message.includes('call stack')) return 'expected YAML, got too many levels of nesting'
  if (code === 'DUPLICATE_KEY') return 'expected each name once, got one twice'
  if (code === 'MULTIPLE_DOCS') return 'expected one document, got several'
  const isBareReference = text.slice(offset - 1, offset + 1) === '${'
  return isBareReference
    ? 'expected "${NAME}" in quotes inside { } and [ ], got it bare'
    : `expected YAML, got: ${message}`
}
