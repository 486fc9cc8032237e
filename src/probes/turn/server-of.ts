import type {Target, Trace} from '../probe.ts'
import {parseTurnUri} from '../stun/uri.ts'
import type {AllocateOptions} from './allocate.ts'
import {credentialsFor, expiresInS} from './credentials.ts'
import type {TurnOptions} from './options.ts'

/** What an attempt knows of its server: where it is, and what it wants to know us by. */
export function serverOf(target: Target, options: TurnOptions, trace: Trace): AllocateOptions {
  const {credentials: source, connectTo, dnsServer, srv, relayFamily, redirects} = options
  const {ca, cert, key, servername, insecure} = options
  const credentials = source && credentialsFor(source, trace)
  const leftS = credentials && expiresInS(credentials, trace.wallClock())
  if (leftS !== undefined) trace.fact('credential_expires_in_s', leftS)
  return {
    server: parseTurnUri(target.address),
    tls: {ca, cert, key, servername, insecure},
    connectTo,
    dnsServer,
    srv,
    credentials,
    relayFamily,
    redirects,
    ...(target.family && {family: target.family}),
  }
}
