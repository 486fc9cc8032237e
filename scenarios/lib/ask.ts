import type {FailureCode} from '../../src/core/failure.ts'
import type {HttpRequest} from '../../src/dialect/conversation-state.ts'
import {httpAnswer, MAX_BODY_BYTES} from '../../src/dialect/http-answer.ts'
import type {HttpAnswer} from '../../src/dialect/message.ts'
import {requestUrl} from '../../src/dialect/request-url.ts'
import type {SocketLoad} from '../../src/load/workload.ts'
import {http} from '../init/k6.ts'
import {dialFailure} from './dial-failure.ts'
import {fetchText} from './fetch-text.ts'

export interface Unanswered {
  readonly code: FailureCode
  /** What came in place of an answer. */
  readonly got: string
}

/** The conversation has a limit of its own, which says what was awaited: k6's must not come before it. */
const LATER_MS = 1000

/** Makes a request that a client has before its socket, as the probes do. It keeps no cookies. Never rejects. */
export async function ask(
  {url: target, headers, stepTimeoutMs}: SocketLoad,
  request: HttpRequest,
): Promise<HttpAnswer | Unanswered> {
  const home = target.replace(/^ws(s?:\/\/[^/?]+).*$/, 'http$1')
  const url = requestUrl(request, home)
  try {
    const {
      status,
      headers: received,
      body,
    } = await fetchText({
      method: request.method,
      url,
      headers: {...(isOn(home, url) ? headers : namesOf(headers)), ...request.headers},
      body: request.body,
      timeoutMs: stepTimeoutMs + LATER_MS,
      jar: new http.CookieJar(), // else what one session is given would be every other's of this virtual user
      name: 'before',
    })
    if (body.length > MAX_BODY_BYTES) {
      return {code: 'http_too_large', got: `an answer of more than ${MAX_BODY_BYTES} bytes`}
    }
    return httpAnswer({status, headers: apart(received), body})
  } catch (error) {
    const {message} = error as Error
    return {code: dialFailure(message), got: `no answer: ${message}`}
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
