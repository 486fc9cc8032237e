import {soundsSecret} from '../core/sounds-secret.ts'
import type {Known} from './conversation-state.ts'

/** What clients have taken under the name of a secret: nobody configured it, and it must not show all the same. */
export function secretsTaken({clients}: Known): string[] {
  return Object.values(clients).flatMap(({values}) =>
    Object.entries(values).flatMap(([name, value]) => (typeof value === 'string' && soundsSecret(name) ? [value] : [])),
  )
}
