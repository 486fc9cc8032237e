import {lintExpectations} from './lint-expectations.ts'
import {lintIsolation} from './lint-isolation.ts'
import {lintRoundTrip} from './lint-round-trip.ts'
import {lintValues} from './lint-values.ts'
import type {Mistake} from './mistakes.ts'
import type {Dialect} from './schema.ts'

/**
 * Mistakes of a dialect whose shape is right, as far as they can be seen without a server: what is said before it is
 * known, what is waited for and nobody can send. Each would fail every attempt, whatever the server does.
 */
export function lintDialect(dialect: Dialect): Mistake[] {
  const found = [lintValues, lintExpectations, lintRoundTrip, lintIsolation].flatMap((lint) => lint(dialect))
  // Both clients do the same steps: what is wrong for both is wrong once.
  return [...new Map(found.map((one) => [JSON.stringify(one), one])).values()]
}
