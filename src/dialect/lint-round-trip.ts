import type {Mistake} from './mistakes.ts'
import type {Dialect} from './schema.ts'
import {placeholdersOf} from './template.ts'

/** What is one round trip's own: `{id}` and `{n}`. */
const own = ['id', 'n'] as const

/** An answer that must repeat what was never said, and names that mean something else inside a round trip. */
export function lintRoundTrip(dialect: Dialect): Mistake[] {
  const {roundTrip, ids} = dialect
  if (!('send' in roundTrip)) return []
  const said = placeholdersOf(roundTrip.send)
  const [field, answer] =
    'expect' in roundTrip ? (['expect', roundTrip.expect] as const) : (['ack', roundTrip.ack] as const)
  const awaited = placeholdersOf(answer.where)
  return [
    ...own
      .filter((name) => awaited.includes(name) && !said.includes(name))
      .map((name) => ({
        path: ['roundTrip', field],
        message: `expected what the message holds to come back, got {${name}}, which \`send\` does not say`,
      })),
    ...own
      .filter((name) => Object.hasOwn(ids, name) && [...said, ...awaited].includes(name))
      .map((name) => ({
        path: ['ids', name],
        message: `expected another name, got "${name}", which in a round trip is the round trip's own`,
      })),
  ]
}
