import {ProbeFailure} from '../core/errors.ts'
import {redactUrl} from '../core/redact.ts'
import type {ConnectionOptions} from './connection-options.ts'
import type {Trace} from './probe.ts'
import {Redirected} from './redirected.ts'

interface Request {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
  readonly connection: ConnectionOptions
}

/** Opens what a request leads to, following at most `limit` redirects; with a limit of 0 one is shown. */
export async function followingRedirects<R extends Request, T>(
  {request, limit}: {request: R; limit: number},
  trace: Pick<Trace, 'fact'>,
  open: (request: R) => Promise<T>,
): Promise<T> {
  let next = request
  for (let hops = 0; ; hops++) {
    try {
      return await open(next)
    } catch (error) {
      if (!(error instanceof Redirected)) throw error
      const {location} = error
      trace.fact('redirect_location', redactUrl(location.href))
      if (limit === 0) throw error
      if (hops === limit) throw tooMany(limit, location)
      trace.fact('redirects', hops + 1)
      next = {...next, ...elsewhere(next, asHttp(location))}
    }
  }
}

/**
 * A request at another place. What the operator configured for one origin (credentials, headers, client certificate,
 * the name to verify, the node to dial) never travels to another one.
 */
export function elsewhere({url: from, headers, connection}: Request, url: URL): Request {
  if (url.origin === from.origin) return {url, headers, connection}
  const {ca, insecure, proxy} = connection
  const ours = Object.entries(headers).filter(([name]) => name === 'user-agent' || name === 'x-request-id')
  return {url, headers: Object.fromEntries(ours), connection: {ca, insecure, proxy}}
}

export function tooMany(limit: number, location: URL): ProbeFailure {
  return new ProbeFailure(
    'http_redirect',
    `expected at most ${limit} redirects, got one more, to ${redactUrl(location.href)}`,
  )
}

/** As every URL is kept here; a redirect to ws: is one to the same port (RFC 6455, section 3). */
function asHttp(location: URL): URL {
  const url = new URL(location.href.replace(/^ws/, 'http'))
  if (url.protocol === 'http:' || url.protocol === 'https:') return url
  throw new ProbeFailure('http_redirect', `expected a redirect to http: or https:, got ${redactUrl(location.href)}`)
}
