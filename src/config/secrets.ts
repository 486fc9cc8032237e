import type {Json} from '../core/json.ts'
import {urlSecrets} from '../core/redact.ts'
import type {Leaf} from './walk-schema.ts'

export interface Origin {
  readonly leaf: Leaf
  /** As it is used. */
  readonly value: Json
  /** What of it came from the environment or a file. */
  readonly taken: readonly string[]
  readonly isSecret: boolean
}

/** What must not show of one setting: all that came from outside the files, and of an address only what is no address. */
export function secretsOf({leaf: {path}, value, taken, isSecret}: Origin): string[] {
  if (typeof value !== 'string') return []
  if (isSecret) return [value, ...taken]
  const [section, , field] = path
  if (path.length === 1 && ['location', 'profile', 'instance'].includes(String(section))) return []
  if (section === 'reference' || (section === 'targets' && field === 'address') || isUrl(value))
    return urlSecrets(value)
  return [...taken]
}

function isUrl(text: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(text)
}
