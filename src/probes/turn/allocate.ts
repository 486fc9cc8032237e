import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {encodeRequest, type StunMessage} from '../stun/message.ts'
import {StunSession} from '../stun/session.ts'
import {openTransport, type TransportOptions} from '../stun/transport.ts'
import {Allocation} from './allocation.ts'
import {followAlternates, heedAlternate} from './alternate-server.ts'
import type {Credentials} from './credentials.ts'
import {refusal} from './refusal.ts'
import {type Challenge, SignedSession} from './signed-session.ts'

export interface AllocateOptions extends TransportOptions {
  readonly credentials?: Credentials | undefined
  /** Asked for only when given: some servers meet optional attributes with silence. */
  readonly relayFamily?: 4 | 6 | undefined
  /** How many alternate servers (300) may be followed, one after the other. */
  readonly redirects?: number | undefined
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

function attempt(options: AllocateOptions, trace: Trace): Promise<Allocation> {
  return followAlternates(options, (at) => attemptAt(at, trace), trace)
}

async function attemptAt(options: AllocateOptions, trace: Trace): Promise<Allocation> {
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

  trace.phase('challenge')
  const startedAt = trace.now()
  const {message: first} = await session.request(encodeRequest('Allocate', attributes), trace)
  if (first.class === 'success') {
    trace.fact('open_relay', true)
    return allocationOf(signed, first, {trace, startedAt})
  }
  heedAlternate(first)
  const challenge = challengeIn(first)
  if (!challenge) throw refused(first, undefined, trace)
  if (!credentials) {
    throw new ProbeFailure('unsupported', 'the server asks for credentials (401) and none were given', {
      hint: 'give `username` and `password`, or `secret`',
    })
  }

  trace.phase('allocate')
  signed.signWith(credentials, challenge)
  const second = await signed.request('Allocate', attributes, trace).catch((error: unknown) => {
    signed.send('Refresh', {lifetimeS: 0}) // the server may have allocated what we no longer wait for
    throw error
  })
  heedAlternate(second.message)
  if (second.message.class !== 'success') throw refused(second.message, credentials, trace)
  return allocationOf(signed, second.message, {trace, startedAt})
}

function refused(message: StunMessage, credentials: Credentials | undefined, trace: Trace): ProbeFailure {
  if (message.error) trace.fact('error_code', message.error.code)
  if (message.software) trace.fact('software', message.software)
  return refusal(message, {method: 'Allocate', credentials, nowMs: trace.wallClock()})
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
