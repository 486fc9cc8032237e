import {ProbeFailure} from '../../core/errors.ts'
import {type Attributes, encodeRequest, type Method, type Signature} from '../stun/message.ts'
import type {StunSession} from '../stun/session.ts'
import type {Answer, RequestLimits} from '../stun/transaction.ts'
import {isSignedWith, longTermKey} from '../stun/wire.ts'
import type {Challenge} from './challenge.ts'
import type {Credentials} from './credentials.ts'

/** Nonces may live a second or change in every answer; one that is stale this often will never settle. */
const MAX_NONCES = 5

/** Requests under the long-term credential mechanism (RFC 8489 section 9.2). Without a challenge they go unsigned. */
export class SignedSession {
  readonly session: StunSession
  /** Methods whose success came unsigned: a finding, as RFC 8489 section 9.2.5 wants it discarded. */
  readonly unsigned = new Set<Method>()
  #signature: Signature | undefined

  constructor(session: StunSession) {
    this.session = session
  }

  signWith({username, password}: Credentials, {realm, nonce}: Challenge): void {
    this.#signature = {username, realm, nonce, key: longTermKey(username, realm, password)}
  }

  /** A request whose answer nobody waits for. */
  send(method: Method, attributes: Attributes): void {
    this.session.send(encodeRequest(method, attributes, this.#signature).bytes)
  }

  /**
   * The server's success or refusal, after as many fresh nonces (438) as it asks for within reason.
   * Rejects when a success is signed with another key: somebody else answered.
   */
  async request(method: Method, attributes: Attributes, limits: RequestLimits): Promise<Answer> {
    for (let nonces = 1; ; nonces++) {
      const signature = this.#signature
      const answer = await this.session.request(encodeRequest(method, attributes, signature), limits)
      const {message} = answer
      if (message.class === 'success') {
        if (signature && !message.signed) this.unsigned.add(method)
        else if (signature && !isSignedWith(message.bytes, signature.key)) throw wrongIntegrity(method)
        return answer
      }
      if (message.error?.code !== 438 || !message.nonce || !signature || nonces === MAX_NONCES) return answer
      this.#signature = {...signature, nonce: message.nonce}
    }
  }
}

function wrongIntegrity(method: Method): ProbeFailure {
  return new ProbeFailure('stun_integrity', `the success response to ${method} has a wrong MESSAGE-INTEGRITY`, {
    hint: 'the server holds another password for this user, or something on the way changes messages',
  })
}
