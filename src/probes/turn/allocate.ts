import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {encodeRequest, type StunMessage} from '../stun/message.ts'
import {StunSession} from '../stun/session.ts'
import {openTransport, type TransportOptions} from '../stun/transport.ts'
import {Allocation} from './allocation.ts'
import type {Credentials} from './credentials.ts'
import {refusal} from './refusal.ts'
import {type Challenge, SignedSession} from './signed-session.ts'

export interface AllocateOptions extends TransportOptions {
  readonly credentials?: Credentials | undefined
  /** Asked for only when given: some servers meet optional attributes with silence. */
  readonly relayFamily?: 4 | 6 | undefined
}

/**
 * Asks a TURN server for a relayed address (RFC 8656 section 7), in the phases `resolve, connect, tls, challenge, allocate`.
 * The caller releases what it gets. Rejects with a ProbeFailure for each cause that can be told apart.
 */
export async function allocate(options: AllocateOptions, trace: Trace): Promise<Allocation> {
  try {
    return await attempt(options, trace)
  } catch (error) {
    const code = error instanceof ProbeFailure ? error.code : undefined
    // a port that the server remembers from an earlier client: another one will do (RFC 8656 section 7.4)
    if (code === 'turn_allocation_mismatch') return attempt(options, trace)
    if (code === 'turn_address_family' && !options.relayFamily) return attempt({...options, relayFamily: 6}, trace)
    throw error
  }
}

async function attempt(options: AllocateOptions, trace: Trace): Promise<Allocation> {
  const session = new StunSession(await openTransport(options, trace), trace)
  try {
    return await negotiate(session, options, trace)
  } catch (error) {
    session.close()
    throw error
  }
}

async function negotiate(session: StunSession, options: AllocateOptions, trace: Trace): Promise<Allocation> {
  const {credentials, relayFamily} = options
  const attributes = {requestedTransport: 'udp', requestedFamily: relayFamily} as const
  const signed = new SignedSession(session)
  const refused = (message: StunMessage, by: {credentials?: Credentials}) => {
    if (message.error) trace.fact('error_code', message.error.code)
    if (message.software) trace.fact('software', message.software)
    return refusal(message, {method: 'Allocate', ...by, nowMs: trace.wallClock()})
  }

  trace.phase('challenge')
  const startedAt = trace.now()
  const first = await session.request(encodeRequest('Allocate', attributes), trace)
  if (first.message.class === 'success') {
    trace.fact('open_relay', true)
    return allocationOf(signed, first.message, {trace, startedAt})
  }
  const challenge = challengeIn(first.message)
  if (!challenge) throw refused(first.message, {})
  if (!credentials) {
    throw new ProbeFailure('unsupported', 'the server asks for credentials (401) and none were given', {
      hint: 'give `username` and `password`, or `secret`',
    })
  }

  trace.phase('allocate')
  signed.signWith(credentials, challenge)
  const second = await signed.request('Allocate', attributes, trace)
  if (second.message.class !== 'success') throw refused(second.message, {credentials})
  return allocationOf(signed, second.message, {trace, startedAt})
}

function challengeIn({error, realm, nonce}: StunMessage): Challenge | undefined {
  if (error?.code !== 401) return undefined
  if (realm !== undefined && nonce) return {realm, nonce}
  throw new ProbeFailure('stun_malformed', 'expected REALM and NONCE in the 401 response to Allocate, got one without')
}

function allocationOf(
  signed: SignedSession,
  {relayed, mapped, lifetimeS, software}: StunMessage,
  {trace, startedAt}: {trace: Trace; startedAt: number},
): Allocation {
  if (!relayed) {
    throw new ProbeFailure(
      'stun_malformed',
      'expected XOR-RELAYED-ADDRESS in the success response to Allocate, got none',
    )
  }
  const allocatedInMs = trace.now() - startedAt
  return new Allocation(signed, {relayed, mapped, lifetimeS: lifetimeS ?? 600, software, allocatedInMs}, trace.signal)
}
