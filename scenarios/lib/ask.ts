import http from 'k6/http'
import type {FailureCode} from '../../src/core/failure.ts'
import type {HttpRequest} from '../../src/dialect/conversation-state.ts'
import {httpAnswer, MAX_BODY_BYTES} from '../../src/dialect/http-answer.ts'
import type {HttpAnswer} from '../../src/dialect/message.ts'
import {requestUrl} from '../../src/dialect/request-url.ts'
import type {SocketLoad} from '../../src/load/workload.ts'
import {dialFailure} from './dial-failure.ts'

export interface Unanswered {
  readonly code: FailureCode
  /** What came in place of an answer. */
  readonly got: string
}

/** The conversation has a limit of its own, which says what was awaited: k6's must not come before it. */
const LATER_MS = 1000

/**
 * Makes a request that a client has before its socket, as the probes do: on a connection of its own, following no
 * redirect, keeping no cookies. Other sessions go on meanwhile. Never rejects.
 */
export async function ask(
  {url: target, headers, stepTimeoutMs}: SocketLoad,
  request: HttpRequest,
): Promise<HttpAnswer | Unanswered> {
  const {method, body} = request
  const home = target.replace(/^ws(s?:\/\/[^/?]+).*$/, 'http$1')
  const url = requestUrl(request, home)
  const params = {
    headers: {
      accept: '*/*',
      'accept-encoding': 'identity',
      connection: 'close',
      ...(isOn(home, url) ? headers : namesOf(headers)),
      ...request.headers,
    },
    timeout: `${stepTimeoutMs + LATER_MS}ms`,
    redirects: 0,
    responseType: 'text' as const,
    jar: new http.CookieJar(), // else what one session is given would be every other's of this virtual user
    tags: {name: 'before'},
    throw: true, // else k6 writes the URL into its log, values and all
  }
  try {
    const answer = await http.asyncRequest(method, url, body ?? null, params)
    if (answer.body.length > MAX_BODY_BYTES) {
      return {code: 'http_too_large', got: `an answer of more than ${MAX_BODY_BYTES} bytes`}
    }
    return httpAnswer({status: answer.status, headers: apart(answer.headers), body: answer.body})
  } catch (error) {
    const why = String(error).replace(/^\w+ "[^"]*": /, '') // it names the URL
    return {code: dialFailure(why), got: `no answer: ${why}`}
  }
}

function isOn(home: string, url: string): boolean {
  return url.startsWith(home) && /^($|[/?])/.test(url.slice(home.length))
}

/** What the operator sends along is for the target alone; elsewhere only who asks is told. */
function namesOf(headers: SocketLoad['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name === 'user-agent' || name === 'x-request-id'),
  )
}

/** k6 joins headers of one name by commas. Cookies are one to a header; where one begins there is a name (RFC 6265). */
function apart(headers: Readonly<Record<string, string>>): Record<string, string | string[]> {
  const {'Set-Cookie': cookies, ...others} = headers
  return cookies === undefined ? others : {...others, 'Set-Cookie': cookies.split(/, (?=[!#$%&'*+.^_`|~0-9A-Za-z-]+=)/)}
}
