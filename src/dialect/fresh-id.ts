import type {Values} from './expectation.ts'
import type {Side} from './plan.ts'
import type {Dialect} from './schema.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** A text that nobody else has, of letters and digits that every protocol lets through. */
export function freshId(random: () => number, length = 12, alphabet = ALPHABET): string {
  const letters = Array.from({length}, () => alphabet.charAt(Math.floor(random() * alphabet.length)))
  return letters.join('')
}

/** The fresh ids of both clients: shared ones are the same. */
export function freshIds(ids: Dialect['ids'], random: () => number): Record<Side, Values> {
  const values: Record<Side, Record<string, string>> = {a: {}, b: {}}
  for (const [name, {prefix, length, alphabet, shared}] of Object.entries(ids)) {
    values.a[name] = prefix + freshId(random, length, alphabet)
    values.b[name] = shared ? values.a[name] : prefix + freshId(random, length, alphabet)
  }
  return values
}
