import {distance} from 'fastest-levenshtein'

/** The known name that was most likely meant, or undefined if none is close. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  const close = [...known]
    .map((candidate) => ({candidate, edits: distance(name.toLowerCase(), candidate.toLowerCase())}))
    .filter(({candidate, edits}) => edits <= Math.max(2, Math.floor(candidate.length / 3)))
  return close.toSorted((a, b) => a.edits - b.edits)[0]?.candidate
}

/** What to say of a name that nothing has: the one that was meant, else all there are. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const meant = nearest(name, known)
  const got = `got ${JSON.stringify(name)}`
  if (meant) return `expected the name of ${kind}, ${got} (did you mean ${JSON.stringify(meant)}?)`
  return known.length === 0
    ? `expected the name of ${kind}, ${got}, and there is none`
    : `expected the name of ${kind} (${known.join(', ')}), ${got}`
}
