import type {Json} from '../core/json.ts'
import type {Mistake} from './mistakes.ts'
import type {Dialect} from './schema.ts'
import {placeholdersOf} from './template.ts'

/** An isolation value that is never said keeps nobody away. */
export function lintIsolation({ids: _, match, ...rest}: Dialect): Mistake[] {
  const name = match?.isolation
  const said = JSON.parse(JSON.stringify({...rest, join: match?.join ?? []})) as Json
  if (name === undefined || placeholdersOf(said).includes(name)) return []
  const message = `expected a message or the transport to hold {${name}}, got none: it would keep nobody away`
  return [{path: ['match', 'isolation'], message}]
}
