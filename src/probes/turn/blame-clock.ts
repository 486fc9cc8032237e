import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {quiet} from '../quiet-trace.ts'
import {encodeRequest} from '../stun/message.ts'
import {StunSession} from '../stun/session.ts'
import {openTransport, type TransportOptions} from '../stun/transport.ts'
import {within} from '../within.ts'
import {challengeIn} from './challenge.ts'
import type {Credentials, RestCredentials} from './credentials.ts'
import {type Ahead, isExact, serverAhead} from './server-clock.ts'
import {SignedSession} from './signed-session.ts'

/** The cause is known already; how far the clocks are apart may not hold it up. */
const PATIENCE_MS = 1500

/**
 * A better cause for a fresh credential that was refused, where the server's clock and not the secret explains it.
 * The failure itself otherwise, and where the server cannot be asked in time.
 */
export async function blameClock(
  failure: ProbeFailure,
  {server, refused}: {server: TransportOptions; refused: RestCredentials},
  trace: Trace,
): Promise<ProbeFailure> {
  const reason = () => new ProbeFailure('timeout', 'the server did not tell its clock in time')
  const ahead = await within({ms: PATIENCE_MS, signal: trace.signal, reason}, (signal) => {
    const beside = {...quiet(trace), signal}
    return serverAhead({refused, nowMs: trace.wallClock(), knows: (minted) => isKnown(minted, server, beside)})
  }).catch(() => undefined)
  const cause: unknown = trace.signal.reason // a deadline that came meanwhile does not undo what was known before
  if (ahead === undefined) return new ProbeFailure(failure.code, failure.message, {...extraOf(failure), cause})
  if (ahead === 'refuses all') {
    const hint = "compare the shared secret with the server's; its clock is not to blame, for it refuses a day as well"
    return new ProbeFailure(failure.code, failure.message, {facts: failure.facts, cause, hint})
  }
  return new ProbeFailure(
    'turn_credential_expired',
    `the server takes a credential for expired that is good for ${refused.ttlMs / 1000} s by our clock: this machine's clock is ${seconds(ahead)} behind the server's`,
    {
      ...extraOf(failure),
      cause,
      hint: 'set both clocks, and that of the machine that mints credentials, by NTP',
      facts: {...failure.facts, server_clock_ahead_s: ahead.atMostS},
    },
  )
}

function seconds(ahead: Ahead): string {
  return isExact(ahead) ? `${ahead.atMostS} s` : `${ahead.moreThanS} to ${ahead.atMostS} s`
}

function extraOf({hint, facts}: ProbeFailure): {hint?: string; facts: ProbeFailure['facts']} {
  return {...(hint !== undefined && {hint}), facts}
}

/**
 * Asked without taking anything, by the release of an allocation that is not there. From a port of its own each time:
 * coturn holds a port to its first user name.
 */
async function isKnown(credentials: Credentials, server: TransportOptions, trace: Trace): Promise<boolean> {
  const session = new StunSession(await openTransport(server, trace), trace)
  try {
    const signed = new SignedSession(session)
    const {message: first} = await session.request(encodeRequest('Refresh', {lifetimeS: 0}), trace)
    const challenge = challengeIn(first, 'Refresh')
    if (!challenge) throw new ProbeFailure('stun_error', 'expected a challenge, got another answer')
    signed.signWith(credentials, challenge)
    const {message} = await signed.request('Refresh', {lifetimeS: 0}, trace)
    return message.error?.code !== 401 && message.error?.code !== 400
  } finally {
    session.close()
  }
}
