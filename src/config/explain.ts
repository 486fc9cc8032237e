import type {z} from 'zod'
import type {Json} from '../core/json.ts'
import {redactUrl} from '../core/redact.ts'
import type {Path} from './mistake.ts'
import {nearest} from './nearest.ts'
import {namesAt} from './walk-schema.ts'

type Issue = z.core.$ZodIssue

/** One mistake in words, with the path it concerns. `at: 'key'` when the name is wrong and not its value. */
export interface Explanation {
  readonly path: Path
  readonly message: string
  readonly at: 'key' | 'value'
}

export interface Explained {
  readonly schema: z.core.$ZodType
  /** What the schema was given. */
  readonly document: Json
  /** The same as it is written: `${ENV}` instead of the value, which may be a secret. */
  readonly written: Json
}

/** Says a zod issue as "expected …, got …". An issue on unknown names gives one explanation a name. */
export function explain(issue: Issue, context: Explained, base: Path = []): Explanation[] {
  const path = [...base, ...(issue.path as Path)]
  const got = describe(valueAt(context.written, path))
  const said = (expected: string, at: 'key' | 'value' = 'value'): Explanation[] => {
    return [{path, at, message: expected.includes(', got ') ? expected : `${expected}, got ${got}`}]
  }
  if (issue.message.startsWith('expected')) return said(issue.message)
  switch (issue.code) {
    case 'unrecognized_keys': {
      const known = namesAt(context.schema, context.document, path)
      const beside = Object.keys(valueAt(context.document, path) ?? {}).filter((key) => !issue.keys.includes(key))
      return issue.keys.map((key) => ({path: [...path, key], at: 'key', message: unknownKey(key, {known, beside})}))
    }
    case 'invalid_type':
      return said(`expected ${typeNames[issue.expected] ?? issue.expected}`)
    case 'invalid_value':
      return said(`expected ${alternatives(issue.values.map((value) => JSON.stringify(value)))}`)
    case 'too_small':
      if (issue.origin === 'string' && issue.minimum === 1) return said('expected some text')
      return said(`expected ${issue.inclusive ? 'at least' : 'more than'} ${issue.minimum}${countedIn(issue)}`)
    case 'too_big':
      return said(`expected ${issue.inclusive ? 'at most' : 'less than'} ${issue.maximum}${countedIn(issue)}`)
    case 'invalid_format':
      return said(`expected ${formatNames[issue.format] ?? `the form of ${issue.format}`}`)
    case 'invalid_key':
      return [
        {
          path,
          at: 'key',
          message: `${issue.issues[0]?.message ?? 'expected another name'}, got ${describe(path.at(-1))}`,
        },
      ]
    case 'invalid_union':
      return issue.discriminator === undefined
        ? explainUnion(issue, context, path)
        : said(discriminated(issue, context, path))
    case 'invalid_element':
    case 'not_multiple_of':
    case 'custom':
      return said(`expected another value (${issue.message})`)
  }
}

/** Explains the alternative that was most likely meant: the one that went wrong deepest down, else all of them in a row. */
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, context: Explained, path: Path): Explanation[] {
  const variants = issue.errors.map((issues) => issues.flatMap((one) => explain(one, context, path)))
  const inside = variants.filter((variant) => variant.every((one) => one.path.length > path.length))
  if (inside.length > 0) return inside.reduce((best, variant) => (variant.length < best.length ? variant : best))
  const expected = variants.flatMap(([first]) => (first ? [first.message.replace(/^expected |, got .*$/g, '')] : []))
  return [
    {path, at: 'value', message: `expected ${alternatives(expected)}, got ${describe(valueAt(context.written, path))}`},
  ]
}

function discriminated(issue: z.core.$ZodIssueInvalidUnion, {written}: Explained, path: Path): string {
  const options = 'options' in issue && Array.isArray(issue.options) ? issue.options.map(String) : []
  const got = valueAt(written, path)
  const meant = typeof got === 'string' ? nearest(got, options) : undefined
  const expected = `expected ${alternatives(options)}, got ${describe(got)}`
  return meant ? `${expected} (did you mean ${meant}?)` : expected
}

function unknownKey(key: string, {known, beside}: {known: readonly string[]; beside: readonly string[]}): string {
  const quoted = JSON.stringify(key)
  // It is known, but to another alternative than the one that the names beside it choose.
  if (known.includes(key)) return `expected names that go together, got ${quoted} beside ${alternatives(beside)}`
  const meant = nearest(key, known)
  return `expected a known name, got ${quoted}${meant ? ` (did you mean ${JSON.stringify(meant)}?)` : ''}`
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a mapping',
  record: 'a mapping',
}

const formatNames: Readonly<Record<string, string>> = {url: 'a URL'}

function countedIn({origin}: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  return origin === 'array' ? ' in the list' : origin === 'string' ? ' characters' : ''
}

function alternatives(words: readonly string[]): string {
  const unique = [...new Set(words)]
  return unique.length < 2 ? unique.join('') : `${unique.slice(0, -1).join(', ')} or ${unique.at(-1) ?? ''}`
}

/** A value in a word or two: what it is, and if it is short what it says. */
function describe(value: Json | undefined): string {
  if (value === undefined || value === null) return 'nothing'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  const text = JSON.stringify(typeof value === 'string' ? redactUrl(value) : value)
  return text.length > 60 ? `${text.slice(0, 57)}…"` : text
}

function valueAt(document: Json, path: Path): Json | undefined {
  let value: Json | undefined = document
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined
    value = (value as Readonly<Record<string | number, Json>>)[step]
  }
  return value
}
