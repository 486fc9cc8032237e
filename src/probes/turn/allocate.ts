import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {type Attributes, encodeRequest, type StunMessage} from '../stun/message.ts'
import {refusalFacts} from '../stun/response-error.ts'
import {StunSession} from '../stun/session.ts'
import {openTransport, type TransportOptions} from '../stun/transport.ts'
import {Allocation} from './allocation.ts'
import {followAlternates, heedAlternate} from './alternate-server.ts'
import {watchBinding} from './answers-binding.ts'
import {blameClock} from './blame-clock.ts'
import {challengeIn} from './challenge.ts'
import type {Credentials} from './credentials.ts'
import {refusal} from './refusal.ts'
import {SignedSession} from './signed-session.ts'

/** How many of our own ports are tried while the server says that each is another client's. */
const MAX_PORTS = 4

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
    return await fromAnyPort(options, trace)
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error
    const {code} = error
    if (code === 'turn_address_family' && !options.relayFamily) return attempt({...options, relayFamily: 6}, trace)
    const refused = options.credentials?.mintedWith
    throw code === 'turn_unauthorized' && refused ? await blameClock(error, {server: options, refused}, trace) : error
  }
}

/**
 * A port that the server remembers from an earlier client (437): another one will do (RFC 8656 section 7.4).
 * coturn remembers for a second or two, so a client of a thousand allocations meets some twice in a row.
 */
async function fromAnyPort(options: AllocateOptions, trace: Trace): Promise<Allocation> {
  for (let port = 1; ; port++) {
    try {
      return await attempt(options, trace)
    } catch (error) {
      const taken = error instanceof ProbeFailure && error.code === 'turn_allocation_mismatch'
      if (!taken || port === MAX_PORTS) throw error
    }
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
  const first = await firstAnswer(session, attributes, trace)
  if (first.class === 'success') {
    trace.fact('open_relay', true)
    return allocationOf(signed, first, {trace, startedAt})
  }
  heedAlternate(first)
  const challenge = challengeIn(first, 'Allocate')
  if (!challenge) throw refusal(first, {method: 'Allocate', nowMs: trace.wallClock()})
  if (!credentials) {
    throw new ProbeFailure('unsupported', 'the server asks for credentials (401) and none were given', {
      hint: 'give `username` and `password`, or `secret`; on the command line --username, or PROBE_TURN_SECRET',
      facts: refusalFacts(first),
    })
  }

  trace.phase('allocate')
  signed.signWith(credentials, challenge)
  const second = await signed.request('Allocate', attributes, trace).catch((error: unknown) => {
    signed.send('Refresh', {lifetimeS: 0}) // the server may have allocated what we no longer wait for
    throw error
  })
  heedAlternate(second.message)
  if (second.message.class !== 'success') {
    throw refusal(second.message, {method: 'Allocate', credentials, nowMs: trace.wallClock()})
  }
  return allocationOf(signed, second.message, {trace, startedAt})
}

/** Bare: some servers meet what they do not know with silence. */
async function firstAnswer(session: StunSession, attributes: Attributes, trace: Trace): Promise<StunMessage> {
  const binding = watchBinding(session, trace)
  try {
    return (await session.request(encodeRequest('Allocate', attributes), trace)).message
  } catch (error) {
    if (!binding.answered || !(error instanceof ProbeFailure) || error.code !== 'timeout') throw error
    throw new ProbeFailure('timeout', `${error.message}, though it answers Binding requests`, {
      cause: error,
      hint: 'a STUN server that does no TURN, or one that drops what it does not like',
      facts: {answers_binding: true},
    })
  } finally {
    binding.stop()
  }
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
