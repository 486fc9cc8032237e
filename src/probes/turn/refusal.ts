import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {FailureCode} from '../../core/failure.ts'
import type {StunMessage} from '../stun/message.ts'
import {describeError, refusalFacts} from '../stun/response-error.ts'
import {hostPort} from '../stun/uri.ts'
import {type Credentials, expiresInS} from './credentials.ts'

/** What the error codes of RFC 8489 section 14.8 and RFC 8656 section 19 mean to the one who runs the server. */
const causes: Readonly<Record<number, readonly [code: FailureCode, meaning: string, hint: string]>> = {
  403: ['turn_forbidden', 'the server forbids us an allocation', 'look at who may use the server'],
  437: [
    'turn_allocation_mismatch',
    'the server says that this port has an allocation already',
    'a NAT may reuse ports faster than the server lets allocations go',
  ],
  438: [
    'turn_stale_nonce',
    'the server calls every nonce stale',
    'do several servers without shared nonces answer here?',
  ],
  440: [
    'turn_address_family',
    'the server relays no addresses of this family',
    'give the server a relay address of that family',
  ],
  441: ['turn_allocation_mismatch', 'the server holds this port for other credentials', 'a NAT may mix up clients'],
  442: ['turn_unsupported_transport', 'the server does not relay UDP', 'allow UDP relay endpoints on the server'],
  486: [
    'turn_quota',
    "the user's allocation quota is reached",
    "raise the server's user quota, or find who leaks allocations",
  ],
  508: [
    'turn_capacity',
    'the server has no capacity left',
    'raise its relay port range or total quota, or add servers',
  ],
}

export interface RefusedRequest {
  readonly method: string
  readonly credentials?: Credentials | undefined
  /** Epoch milliseconds. */
  readonly nowMs: number
}

/** The failure that an error response to an Allocate amounts to. */
export function refusal(message: StunMessage, {method, credentials, nowMs}: RefusedRequest): ProbeFailure {
  const {error, alternateServer} = message
  const facts = refusalFacts(message)
  if (!error) {
    return new ProbeFailure('stun_malformed', `expected ERROR-CODE in the error response to ${method}, got none`, {
      facts,
    })
  }
  const said = describeError(error)
  if (error.code === 300) {
    const to = alternateServer ? hostPort(alternateServer.address, alternateServer.port) : 'no named server'
    return new ProbeFailure('turn_redirected', `the server sends its clients to ${to} (${said})`, {
      facts,
      hint: 'probe that address',
    })
  }
  // several servers say 400 where others say 401: both readings stand
  const rejected = credentials !== undefined && (error.code === 401 || error.code === 400)
  const leftS = rejected ? expiresInS(credentials, nowMs) : undefined
  if (leftS !== undefined && leftS < 0) {
    return new ProbeFailure('turn_credential_expired', `the credential expired ${ago(leftS)} by our clock (${said})`, {
      facts,
      hint: 'mint a new one; if it is new, compare the clock of the machine that mints with ours',
    })
  }
  const compare =
    leftS === undefined
      ? 'compare username, password and realm with the server'
      : "compare the shared secret, and the clock, with the server's"
  if (rejected && error.code === 400) {
    return new ProbeFailure(
      'turn_unauthorized',
      `the server refuses the signed request (${said}): it rejects the credentials, or takes them for ill-formed`,
      {facts, hint: `${compare}; a misconfigured server says 400 to right ones too`},
    )
  }
  if (rejected) {
    return new ProbeFailure('turn_unauthorized', `the server rejects the credentials (${said})`, {facts, hint: compare})
  }
  const [code, meaning, hint] = causes[error.code] ?? ['stun_error' as const, `the server refuses ${method}`, undefined]
  return new ProbeFailure(code, `${meaning} (${said})`, {facts, ...(hint && {hint})})
}

function ago(leftS: number): string {
  return leftS > -120 * 60 ? `${-leftS} s ago` : `${formatMs(-leftS * 1000)} ago`
}
