import type {Json} from '../core/json.ts'
import type {Values} from './conditions.ts'
import type {Side} from './plan.ts'
import type {Dialect} from './schema.ts'

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'

/** A text that nobody else has, of letters and digits that every protocol lets through. */
export function freshId(random: () => number, length = 12, alphabet = ALPHABET): string {
  const letters = Array.from({length}, () => alphabet.charAt(Math.floor(random() * alphabet.length)))
  return letters.join('')
}

/** The fresh ids of both clients: shared ones are the same. */
export function freshIds(ids: Dialect['ids'], random: () => number): Readonly<Record<Side, Values>> {
  const kinds = Object.entries(ids)
  if (kinds.length === 0) return none
  const values: Record<Side, Record<string, Json>> = {a: {}, b: {}}
  for (const [name, kind] of kinds) {
    const one = fresh(kind, random)
    values.a[name] = one
    values.b[name] = kind.shared ? one : fresh(kind, random)
  }
  return values
}

const none = {a: {}, b: {}}

/** A number keeps its digits, so the first one is no 0; 15 of them every runtime holds exactly. */
function fresh({prefix, length, alphabet, number}: Dialect['ids'][string], random: () => number): Json {
  if (!number) return prefix + freshId(random, length, alphabet)
  return Number(freshId(random, 1, '123456789') + freshId(random, Math.min(length, 15) - 1, '0123456789'))
}
