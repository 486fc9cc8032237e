import type {Conversation} from '../../src/dialect/conversation-state.ts'
import {http} from '../init/k6.ts'
import {elapsed} from './clock.ts'

/** An answer holds for this long: a server that refuses thousands is not asked thousands of times why. */
const KEEP_MS = 1000

let status = 0
let askedAt = -Infinity
let asking: Promise<number> | undefined

/**
 * The status with which upgrades are refused just now, 0 where none can be had. k6's WebSocket does not tell it, so the
 * same request is made once more over HTTP.
 */
export function refusalStatus(url: string, headers: Readonly<Record<string, string>>): Promise<number> {
  if (elapsed() - askedAt < KEEP_MS) return asking ?? Promise.resolve(status)
  askedAt = elapsed()
  asking = http
    .asyncRequest('GET', url.replace(/^ws/, 'http'), null, {
      headers: {
        ...headers,
        Connection: 'Upgrade',
        Upgrade: 'websocket',
        'Sec-WebSocket-Version': '13',
        'Sec-WebSocket-Key': 'cHJvYmUgYXNrcyB3aHk/Pw==',
      },
      timeout: '2s',
      redirects: 0,
      responseType: 'none',
      jar: new http.CookieJar(), // what it is told is for nobody else
      tags: {name: 'refusal'},
    })
    .then(
      (response) => (status = response.status === 101 ? 0 : response.status),
      () => (status = 0),
    )
    .finally(() => (asking = undefined))
  return asking
}

/** The status of the answer by which the requests of a conversation failed; 0 where none came. */
export function answeredStatus({clients}: Conversation): number {
  const came = [...clients.a.inbox, ...clients.b.inbox].flatMap(({message}) =>
    message.kind === 'http' ? [message.value.status] : [],
  )
  return came[0] ?? 0
}

/** 429 is a rate limit's own status (RFC 6585, section 4); middlewares of Socket.IO can only say it in words. */
export function isLimit(refused: number, message: string): boolean {
  return refused === 429 || /rate.?limit|too many|throttl/i.test(message)
}
