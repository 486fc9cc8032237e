import {ProbeFailure} from '../../core/errors.ts'
import type {FailureCode} from '../../core/failure.ts'
import {excerpt} from '../excerpt.ts'

/** RFC 6455, section 7.4.1: both stand for what was not sent, a code or a whole close frame. */
const NO_CODE = 1005
export const NO_CLOSE_FRAME = 1006

/** What a close code says (RFC 6455, section 7.4.1, and IANA's registry); from 4000 on each application has its own. */
const meanings: Readonly<Record<number, {readonly code?: FailureCode; readonly hint: string}>> = {
  1001: {hint: 'the server is going away: a restart, or a proxy that was reloaded'},
  1002: {hint: 'the server saw a breach of the protocol: does something on the way change the frames?'},
  1003: {hint: 'the server does not take this kind of message'},
  1008: {hint: 'the server closes by its own policy: credentials, origin, or what was sent'},
  1009: {code: 'body_refused', hint: 'a message was too long for the server or a proxy on the way'},
  1011: {hint: 'an error inside the server: its log has it'},
  1012: {hint: 'the server restarts'},
  1013: {code: 'at_limit', hint: 'the server is at its limit: try again later, or raise the limit'},
  1014: {code: 'backend_down', hint: 'a gateway got no valid answer from the server behind it'},
  3000: {code: 'login_required', hint: 'check the credentials (`auth`, `headers`, `query`)'},
  3003: {code: 'forbidden', hint: 'not for these credentials'},
  4401: {code: 'login_required', hint: 'as it seems for want of a login: check the credentials'},
  4403: {code: 'forbidden', hint: 'as it seems not for these credentials'},
  4406: {
    code: 'subprotocol',
    hint: 'graphql-ws says so of a subprotocol that it does not speak: offer with `subprotocols`',
  },
}

/** Names the end of a WebSocket that the server closed, by the code and the words of its close frame. */
export function closeCause(code: number, reason: string): ProbeFailure {
  if (code === NO_CLOSE_FRAME) {
    return new ProbeFailure('closed', 'the server closed the connection without a close frame')
  }
  const why = reason && ` "${excerpt(reason)}"`
  const message = code === NO_CODE ? 'the server closed without a code' : `the server closed with ${code}${why}`
  if (/sub-?protocol/i.test(reason)) {
    return new ProbeFailure('subprotocol', message, {hint: 'offer the one that it wants with `subprotocols`'})
  }
  if (/\borigin\b/i.test(reason)) {
    return new ProbeFailure('origin_refused', message, {hint: 'send one that the server allows with `origin`'})
  }
  const {code: cause = 'closed_early', hint} = meanings[code] ?? {}
  return new ProbeFailure(cause, message, hint === undefined ? {} : {hint})
}
