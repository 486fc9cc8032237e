import {X509Certificate} from 'node:crypto'
import {isIP, type Socket} from 'node:net'
import {connect as tlsConnect, type ConnectionOptions, type TLSSocket} from 'node:tls'
import {ProbeFailure} from '../core/errors.ts'
import {certificateFailure} from './certificate-failure.ts'
import {opened} from './opened.ts'
import type {Trace} from './probe.ts'
import {tlsFacts} from './tls-facts.ts'
import {tlsFailure} from './tls-failure.ts'
import type {TlsOptions} from './tls-options.ts'

export interface Securing {
  readonly host: string
  readonly tls: TlsOptions & {readonly alpn?: readonly string[]}
}

/**
 * TLS over an open connection. The certificate is held against the name after the handshake, so that what stands in one
 * that is not believed can be told. Rejects with what was wrong; the socket below is then destroyed.
 */
export async function secure(socket: Socket, {host, tls}: Securing, trace: Trace): Promise<TLSSocket> {
  const secured = start(socket, {host, tls})
  try {
    await opened(secured, 'secureConnect', trace.signal)
    tlsFacts(secured, trace)
    if (tls.insecure) trace.fact('tls_verified', false)
    else if (!secured.authorized) throw mistrusted(secured, {host, tls}, trace)
    return secured
  } catch (error) {
    secured.destroy()
    socket.destroy()
    throw describe(error)
  }
}

function start(socket: Socket, {host, tls}: Securing): TLSSocket {
  const {ca, cert, key, alpn} = tls
  const servername = tls.servername ?? (isIP(host) === 0 ? host : undefined)
  const options: ConnectionOptions = {
    socket,
    host,
    ...(servername && {servername}),
    ...(ca && {ca}),
    ...(cert && {cert}),
    ...(key && {key}),
    ...(alpn && {ALPNProtocols: [...alpn]}),
    rejectUnauthorized: false, // it is looked at when it is there: see `mistrusted`
  }
  try {
    checkAuthority(ca)
    return tlsConnect(options)
  } catch (cause) {
    socket.destroy()
    throw cause instanceof ProbeFailure
      ? cause
      : unusable('`cert` and `key`', cause, 'both are PEM, and belong together')
  }
}

/** Node passes over what is no certificate, and would then blame the server's. */
function checkAuthority(ca: string | undefined): void {
  try {
    if (ca !== undefined) new X509Certificate(ca)
  } catch (cause) {
    throw unusable('`ca`', cause, 'it holds one certificate or more, in PEM')
  }
}

function unusable(what: string, cause: unknown, hint: string): ProbeFailure {
  const reason = cause instanceof Error ? cause.message.replace(/^.*:/, '') : String(cause)
  return new ProbeFailure('unsupported', `${what} cannot be used: ${reason}`, {cause, hint})
}

function mistrusted(secured: TLSSocket, {host, tls}: Securing, trace: Pick<Trace, 'wallClock'>): ProbeFailure {
  return certificateFailure({
    reason: String(secured.authorizationError), // a code, whatever its type says
    certificate: secured.getPeerCertificate(true),
    host: tls.servername ?? host,
    now: trace.wallClock(),
    ca: tls.ca,
  })
}

/** A server that hangs up in the middle of the handshake is told apart from one that refuses the port. */
function describe(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  if (error instanceof ProbeFailure && error.code === 'timeout') {
    return new ProbeFailure('timeout', `the TLS handshake did not end: ${error.message}`, {
      cause: error,
      hint: 'is this the TLS port? Many servers wait for more on a plain port',
    })
  }
  const failure = tlsFailure(error)
  if (failure) return failure
  const {code} = error as NodeJS.ErrnoException
  if (code !== 'ECONNRESET') return error
  return new ProbeFailure('not_tls', 'the server hung up during the TLS handshake', {
    cause: error,
    hint: 'is this the TLS port? Many servers close a plain port without a byte',
  })
}
