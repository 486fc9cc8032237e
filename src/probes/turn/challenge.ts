import {ProbeFailure} from '../../core/errors.ts'
import type {Method, StunMessage} from '../stun/message.ts'
import {refusalFacts} from '../stun/response-error.ts'

/** What a 401 or 438 tells the client to sign with. */
export interface Challenge {
  readonly realm: string
  readonly nonce: Buffer
}

/** What an unsigned request is answered with where credentials are wanted; undefined for any other refusal. */
export function challengeIn(message: StunMessage, method: Method): Challenge | undefined {
  const {error, realm, nonce} = message
  if (error?.code !== 401 && error?.code !== 438) return undefined
  if (realm !== undefined && nonce) return {realm, nonce}
  throw new ProbeFailure(
    'stun_malformed',
    `expected REALM and NONCE in the ${error.code} response to ${method}, got one without`,
    {facts: refusalFacts(message)},
  )
}
