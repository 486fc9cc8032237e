import {ProbeFailure} from '../../core/errors.ts'
import type {Attempt, Trace} from '../probe.ts'
import {encodeRequest, type StunMessage} from './message.ts'
import {tellNat} from './nat/nat.ts'
import type {StunOptions} from './options.ts'
import {describeError, refusalFacts} from './response-error.ts'
import {StunSession} from './session.ts'
import {tellMapping} from './tell-mapping.ts'
import {openTransport} from './transport.ts'
import {hostPort, parseStunUri} from './uri.ts'

/** A Binding request and its answer (RFC 8489 section 7). The event's value is the milliseconds between them. */
export const stun: Attempt<StunOptions> = async (
  {address, family},
  {transport, nat, connectTo, dnsServer, srv, ...tls},
  trace,
) => {
  const uri = parseStunUri(address)
  const server = transport === 'tcp' && uri.protocol === 'udp' ? {...uri, protocol: transport} : uri
  const session = new StunSession(
    await openTransport({server, tls, connectTo, dnsServer, srv, ...(family && {family})}, trace),
    trace,
  )
  try {
    trace.phase('binding')
    const {message, ms, sends} = await session.request(encodeRequest('Binding'), trace)
    if (message.software) trace.fact('software', message.software)
    if (sends > 1) trace.fact('requests_sent', sends)
    const mapped = mappedAddress(message)
    tellMapping({local: session.local, mapped}, trace)
    const other = message.otherAddress
    if (other) trace.fact('other_address', hostPort(other.address, other.port))
    trace.event({indicator: 'stun_binding', ok: true, value: ms})
    if (nat) await measureNat(session, other, trace)
  } finally {
    session.close()
  }

  function mappedAddress(message: StunMessage): NonNullable<StunMessage['mapped']> {
    const {error, mapped, class: kind} = message
    if (kind === 'success' && mapped) return mapped
    if (kind === 'success') {
      throw new ProbeFailure('stun_malformed', 'expected XOR-MAPPED-ADDRESS in the success response, got none')
    }
    if (!error) throw new ProbeFailure('stun_malformed', 'expected ERROR-CODE in the error response, got none')
    throw new ProbeFailure('stun_error', `the server refuses the Binding request (${describeError(error)})`, {
      facts: refusalFacts(message),
      ...(error.code === 401 && {hint: 'this server asks for credentials even for a Binding; probe it with turn'}),
    })
  }
}

async function measureNat(session: StunSession, other: StunMessage['otherAddress'], trace: Trace): Promise<void> {
  const {local, protocol, at} = session
  if (protocol !== 'udp') {
    trace.skip('nat', 'a NAT is told by its UDP: ask over udp')
    return
  }
  trace.phase('nat')
  const server = {address: at.connectTo.host, port: at.connectTo.port}
  await tellNat({server, other, local: local.address}, trace)
}
