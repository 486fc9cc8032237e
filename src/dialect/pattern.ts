import {RE2JS} from 're2js'

/** A compiled pattern of a profile or dialect: RE2's syntax, linear in time, the same in Node and in k6. */
export interface Pattern {
  /** Whether the pattern occurs anywhere in the text. */
  test(text: string): boolean
  /** Its named groups. */
  readonly names: readonly string[]
  /** The named groups of the first occurrence, or null without one. */
  groups(text: string): Readonly<Record<string, string>> | null
}

/**
 * Compiles a pattern. A backtracking engine would let one unlucky answer block the event loop, and no deadline ends
 * that: look-around and back-references are therefore errors. Throws an Error whose message says what is not understood.
 */
export function compilePattern(source: string): Pattern {
  const compiled = compile(source)
  const names = Object.keys(compiled.namedGroups())
  return {
    names,
    test: (text) => compiled.matcher(text).find(),
    groups(text) {
      const matcher = compiled.matcher(text)
      if (!matcher.find()) return null
      return Object.fromEntries(names.map((name) => [name, matcher.group(name) ?? '']))
    },
  }
}

function compile(source: string): RE2JS {
  try {
    return RE2JS.compile(source)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`expected a pattern in RE2's syntax, got ${JSON.stringify(source)}: ${reason}`, {cause})
  }
}
