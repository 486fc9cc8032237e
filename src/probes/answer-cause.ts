import {ProbeFailure} from '../core/errors.ts'
import type {FailureCode} from '../core/failure.ts'
import {redactUrl} from '../core/redact.ts'
import {describeAnswer, type HttpAnswer} from './http-answer.ts'
import {ownPageOf} from './own-page.ts'
import {Redirected} from './redirected.ts'

export interface Unanswered {
  /** What should have come: "101 Switching Protocols". */
  readonly expected: string
  /** Of the request, for a redirect that names only a path. */
  readonly url: URL
  /** How long the answer took. */
  readonly waitedMs?: number | undefined
}

/**
 * What an answer says by itself, whatever was asked: wrong scheme, elsewhere, login, forbidden, back end down, at its
 * limit. Undefined where the request alone gives it a meaning.
 */
export function causeOfAnswer(answer: HttpAnswer, {expected, url, waitedMs = 0}: Unanswered): ProbeFailure | undefined {
  const message = `expected ${expected}, got ${describeAnswer(answer)}`
  const location = locationOf(answer, url)
  if (location && !loginPage.test(location.pathname)) {
    return new Redirected(message, location)
  }
  const found = location ? LOGIN : causes.find(({applies}) => applies(answer, waitedMs))
  if (!found) return undefined
  return new ProbeFailure(found.code, `${found.meaning}: ${message}`, {
    hint: location ? `it redirects to ${redactUrl(location.href)}: send what a login gives` : found.hint,
  })
}

interface Cause {
  readonly code: FailureCode
  readonly meaning: string
  readonly hint: string
  readonly applies: (answer: HttpAnswer, waitedMs: number) => boolean
}

const LOGIN: Cause = {
  code: 'login_required',
  meaning: 'the server wants a login',
  hint: 'check the credentials (`auth`, `headers`, `query`): a token, or the cookie of a session',
  applies: ({status}) => status === 401,
}

/** HAProxy says 503 at once where no server is up, and after its `timeout queue` where none is free. */
const QUEUED_MS = 150

/** The first that applies. */
const causes: readonly Cause[] = [
  {
    code: 'needs_tls',
    meaning: 'the port speaks TLS',
    hint: 'use https: or wss:',
    // nginx; Apache; Go's net/http
    applies: saying(400, /plain HTTP request was sent to HTTPS|plain HTTP to an SSL-enabled|HTTP request to an HTTPS/i),
  },
  {
    code: 'tls_client_certificate',
    meaning: 'the server wants a client certificate',
    hint: 'give one with `cert` and `key`',
    applies: saying(400, /No required SSL certificate was sent/i), // nginx lets the handshake pass, and refuses then
  },
  {
    code: 'tls_client_certificate',
    meaning: 'the server does not accept our client certificate',
    hint: 'is `cert` valid, and signed by an authority that the server trusts?',
    applies: saying(400, /SSL certificate error/i),
  },
  LOGIN,
  {
    code: 'at_limit',
    meaning: 'the server is at its limit',
    hint: 'too many connections or requests, of all or from here: wait, or raise the limit',
    applies: (answer) => answer.status === 429 || (answer.status === 503 && isLimit(answer)),
  },
  {
    code: 'at_limit',
    meaning: 'the proxy had no free server within the time that it queues for one',
    hint: 'every server behind it is at its `maxconn` (or down, where nothing checks their health)',
    applies: (answer, waitedMs) => answer.status === 503 && waitedMs > QUEUED_MS && ownPageOf(answer) === 'HAProxy',
  },
  {
    code: 'backend_down',
    meaning: 'the server is not ready, or a proxy finds none that is',
    hint: 'is it starting, draining or under maintenance? Does its health check pass?',
    applies: (answer) => answer.status === 503 && ownPageOf(answer) === undefined,
  },
  {
    code: 'backend_down',
    meaning: 'the proxy is up, the back end is not',
    hint: 'is the server behind it running, listening there, and answering its health check? Or are all at their limit?',
    applies: ({status}) => (status >= 502 && status <= 504) || (status >= 520 && status <= 527), // the latter: Cloudflare
  },
  {
    code: 'origin_refused',
    meaning: 'the server does not accept this origin',
    hint: 'send one that it allows (`origin`), or add this one there',
    applies: ({status, body}) => status >= 400 && status < 500 && /\borigin\b/i.test(body),
  },
]

function saying(status: number, words: RegExp): Cause['applies'] {
  return (answer) => answer.status === status && words.test(answer.body)
}

/** Of its own accord nginx says 503 only where `limit_conn` or `limit_req` does. */
function isLimit(answer: HttpAnswer): boolean {
  const {headers, body} = answer
  if (headers['retry-after'] !== undefined || ownPageOf(answer) === 'nginx') return true
  return ownPageOf(answer) === undefined && /limit|capacity|too many|overload|busy|\bfull\b/i.test(body)
}

const loginPage = /(^|[/._-])(log-?in|sign-?in|auth|oauth2?|sso|saml2?|session)([/._-]|$)/i

function locationOf({status, headers}: HttpAnswer, base: URL): URL | undefined {
  if (status < 300 || status > 399 || headers.location === undefined) return undefined
  return URL.parse(headers.location, base.href) ?? undefined
}
