import type {Json} from './json.ts'

/** The steps of a path: names of members and indexes of items. A negative index counts from the end. */
export type JsonPath = readonly (string | number)[]

const step = /\.([A-Za-z_$][\w$-]*)|\[(-?\d+)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y

/**
 * Reads a path in RFC 9535's notation, reduced to what names exactly one value: `$`, `.name`, `['name']`, `[0]`, `[-1]`.
 * Null for anything else (wildcards, filters, slices).
 */
export function parseJsonPath(text: string): JsonPath | null {
  if (!text.startsWith('$')) return null
  const steps: (string | number)[] = []
  step.lastIndex = 1
  while (step.lastIndex < text.length) {
    const match = step.exec(text)
    if (!match) return null
    const [, name, index, single, double] = match
    steps.push(index === undefined ? (name ?? (single ?? double ?? '').replace(/\\(.)/g, '$1')) : Number(index))
  }
  return steps
}

/** The value at a path, or undefined where there is none. Own members only: a path cannot reach a prototype. */
export function readJsonPath(value: Json, path: JsonPath): Json | undefined {
  let current: Json | undefined = value
  for (const key of path) {
    if (current === null || typeof current !== 'object') return undefined
    if (Array.isArray(current)) current = typeof key === 'number' ? (current.at(key) as Json | undefined) : undefined
    else current = Object.hasOwn(current, key) ? (current as Readonly<Record<string, Json>>)[key] : undefined
    if (current === undefined) return undefined
  }
  return current
}
