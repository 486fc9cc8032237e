import type {ConnectTo, Endpoint} from '../connect-to-option.ts'
import type {DnsOptions} from '../dns-options.ts'
import type {Target, Trace} from '../probe.ts'
import type {TlsOptions} from '../tls-options.ts'
import type {TransportAddress} from './message.ts'
import type {Protocol, ServerUri} from './uri.ts'
import {openStream} from './stream.ts'
import {openUdp} from './udp.ts'

/** What carries STUN messages, one by one, to a server and back. */
export interface StunTransport {
  readonly protocol: Protocol
  /** Our own end, as the operating system has it. */
  readonly local: TransportAddress
  /** The server at the other end, for a second connection to the very same. */
  readonly at: {readonly server: ServerUri; readonly connectTo: Endpoint}
  send(message: Buffer): void
  /** Called once. `ended` comes at most once, with the reason; nothing comes after it. */
  listen(receiver: Receiver): void
  close(): void
}

export interface Receiver {
  readonly message: (bytes: Buffer) => void
  readonly ended: (reason: Error) => void
}

export interface TransportOptions extends Pick<Target, 'family'>, DnsOptions {
  readonly server: ServerUri
  readonly tls?: TlsOptions
  readonly connectTo?: ConnectTo | undefined
}

/** Begins the phases `resolve`, `connect` and `tls`. The caller closes what it gets. */
export function openTransport(options: TransportOptions, trace: Trace): Promise<StunTransport> {
  return options.server.protocol === 'udp' ? openUdp(options, trace) : openStream(options, trace)
}
