import {redactNamed} from '../../src/core/redact-named.ts'
import type {Known} from '../../src/dialect/conversation-state.ts'
import {secretsTaken} from '../../src/dialect/secrets-taken.ts'

/** Shorter values would tear ordinary words apart. */
const SHORTEST = 4

/** What a server said, without the secrets that it gave a session. Those of the configuration are masked in the report. */
export function withoutSecrets(text: string, known: Known): string {
  return secretsTaken(known)
    .filter(({length}) => length >= SHORTEST)
    .reduce((shown, secret) => shown.replaceAll(secret, '[redacted]'), redactNamed(text))
}
