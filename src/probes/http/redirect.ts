import {ProbeFailure} from '../../core/errors.ts'
import {redactUrl} from '../../core/redact.ts'
import {elsewhere} from '../following-redirects.ts'
import type {HttpRequest, HttpResponse} from './exchange.ts'

/** Where an answer redirects to, or null where it does not (RFC 9110, section 15.4). */
export function redirectTarget({status, headers}: HttpResponse, base: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(status) || headers.location === undefined) return null
  return URL.parse(headers.location, base.href)
}

/**
 * The request for the next hop. What the operator configured for one origin (credentials, headers, body, client
 * certificate, the name to verify) never travels to another one.
 */
export function followRedirect(request: HttpRequest, {status}: HttpResponse, url: URL): HttpRequest {
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new ProbeFailure('http_redirect', `expected a redirect to http: or https:, got ${redactUrl(url.href)}`)
  }
  const rewritten = status === 303 || (status < 303 && request.method === 'POST')
  const method = rewritten && request.method !== 'HEAD' ? 'GET' : request.method
  const body = rewritten ? undefined : request.body
  if (body !== undefined && url.origin !== request.url.origin) {
    throw new ProbeFailure('http_redirect', `refused to send the body to another origin: ${redactUrl(url.href)}`)
  }
  return {...request, ...elsewhere(request, url), method, body}
}
