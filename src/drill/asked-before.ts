import {UserError} from '../core/errors.ts'
import type {Dialect} from '../dialect/schema.ts'
import type {Target} from '../probes/probe.ts'

/** What a dialect's requests before its sockets ask besides its target. */
export interface AskedBefore {
  /** With every such URL beginning as it was looked at here: what is allowed is what will be asked. */
  readonly dialect: Dialect
  /** Each origin once. */
  readonly others: readonly Target[]
}

/**
 * Finds whom a load would ask before its sockets. A host that a value makes up, or a server tells, is none that the
 * configuration can allow. Throws UserError.
 */
export function askedBefore(dialect: Dialect, check: string): AskedBefore {
  const origins = new Set<string>()
  const before = dialect.before.map((step) => {
    const {path} = step.request
    if (path.startsWith('/')) return step
    const origin = originOf(path, check)
    origins.add(origin)
    return {...step, request: {...step.request, path: origin + path.replace(AUTHORITY, '')}}
  })
  return {dialect: {...dialect, before}, others: [...origins].map((origin) => ({address: origin, display: origin}))}
}

/** As browsers read URLs, "\" ends a host as "/" does. */
const AUTHORITY = /^https?:\/\/[^/\\]*/i

function originOf(path: string, check: string): string {
  const [written = ''] = AUTHORITY.exec(path) ?? []
  const url = /[{}]/.test(written) ? null : URL.parse(written)
  if (url) return url.origin
  throw new UserError(
    `expected a host that is written out in the requests \`before\` of ${check}, got "${written}"`,
    'a load asks only hosts that the configuration names and allows',
  )
}
