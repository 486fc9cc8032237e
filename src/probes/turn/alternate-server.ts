import {ProbeFailure} from '../../core/errors.ts'
import {dialled} from '../connect-to-option.ts'
import type {Trace} from '../probe.ts'
import type {StunMessage, TransportAddress} from '../stun/message.ts'
import type {TransportOptions} from '../stun/transport.ts'
import {hostPort} from '../stun/uri.ts'

/** What a client follows when nobody says otherwise. */
const DEFAULT_HOPS = 3

interface Redirectable extends TransportOptions {
  /** How many alternate servers may be followed, one after the other. */
  readonly redirects?: number | undefined
}

/** A server that sends its clients to another one (RFC 8489 section 10). */
class TryAlternate extends ProbeFailure {
  readonly to: TransportAddress
  /** The name that the certificate of the other server is for, where it differs. */
  readonly domain: string | undefined

  constructor(to: TransportAddress, domain: string | undefined) {
    super('turn_redirected', `the server sends its clients to ${hostPort(to.address, to.port)}`)
    this.to = to
    this.domain = domain
  }
}

/** Throws what `followAlternates` follows, if that is what a response asks for. It comes before the challenge, unsigned. */
export function heedAlternate({error, alternateServer, alternateDomain}: StunMessage): void {
  if (error?.code === 300 && alternateServer) throw new TryAlternate(alternateServer, alternateDomain)
}

/** Goes from server to server as they ask for it. Each is named as a fact; a circle or too many of them is a failure. */
export async function followAlternates<Options extends Redirectable, T>(
  first: Options,
  attempt: (options: Options) => Promise<T>,
  trace: Trace,
): Promise<T> {
  const {redirects = DEFAULT_HOPS} = first
  const place = dialled(first.server, first.connectTo)
  const servers = [hostPort(place.host, place.port)]
  let options = first
  for (;;) {
    try {
      return await attempt(options)
    } catch (error) {
      if (!(error instanceof TryAlternate)) throw error
      const {to, domain} = error
      const next = hostPort(to.address, to.port)
      const circle = servers.includes(next)
      servers.push(next)
      const path = servers.join(' → ')
      trace.fact('alternate_servers', path)
      if (circle) throw redirected(`the servers send their clients in a circle: ${path}`)
      if (servers.length > redirects + 1) {
        throw redirected(`expected a server after at most ${redirects} alternate servers, got ${path}`, {cause: error})
      }
      options = {
        ...options,
        server: {...options.server, host: domain ?? options.server.host},
        connectTo: {host: to.address, port: to.port},
      }
    }
  }
}

function redirected(message: string, options: {cause?: Error} = {}): ProbeFailure {
  return new ProbeFailure('turn_redirected', message, {
    ...options,
    hint: "look at the alternate servers in the server's configuration",
  })
}
