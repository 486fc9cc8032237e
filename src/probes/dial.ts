import {connect as tcpConnect, isIP, type Socket} from 'node:net'
import {connect as tlsConnect, type TLSSocket} from 'node:tls'
import {ProbeFailure} from '../core/errors.ts'
import {type ConnectTo, dialled} from './connect-to-option.ts'
import type {Target, Trace} from './probe.ts'
import {resolve} from './resolve.ts'
import {tlsFailure} from './tls-failure.ts'
import type {TlsOptions} from './tls-options.ts'

export interface DialAddress {
  readonly host: string
  readonly port: number
  /** Set for TLS; its absence is a plain connection. */
  readonly tls?: TlsOptions & {readonly alpn?: readonly string[]}
  /** Where the connection goes instead; the certificate is still to be that of `host`. */
  readonly connectTo?: ConnectTo | undefined
}

/**
 * Opens a TCP or TLS connection in the phases `resolve`, `connect` and `tls`. The caller owns the socket and
 * destroys it in `finally`; an error listener is already on it. Rejects with the socket's own error, which the runner classifies.
 */
export async function dial(
  {host, port, tls, connectTo}: DialAddress,
  target: Pick<Target, 'family'>,
  trace: Trace,
): Promise<Socket> {
  const place = dialled({host, port}, connectTo)
  const {address, family} = await resolve(place.host, target, trace)
  trace.phase('connect')
  const socket = tcpConnect({host: address, port: place.port, family, noDelay: true})
  await opened(socket, 'connect', trace.signal)
  if (!tls) return socket

  trace.phase('tls')
  const servername = tls.servername ?? (isIP(host) === 0 ? host : undefined)
  const secured = tlsConnect({
    socket,
    host,
    ...(servername && {servername}),
    ...(tls.ca && {ca: tls.ca}),
    ...(tls.cert && {cert: tls.cert}),
    ...(tls.key && {key: tls.key}),
    ...(tls.alpn && {ALPNProtocols: [...tls.alpn]}),
    rejectUnauthorized: !tls.insecure,
  })
  try {
    await opened(secured, 'secureConnect', trace.signal)
  } catch (error) {
    socket.destroy()
    throw describe(error)
  }
  if (tls.insecure) trace.fact('tls_verified', false)
  tlsFacts(secured, trace)
  return secured
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

function tlsFacts(socket: TLSSocket, trace: Trace): void {
  const certificate = socket.getPeerCertificate()
  trace.fact('tls_version', socket.getProtocol() ?? 'unknown')
  trace.fact('tls_cipher', socket.getCipher().name)
  if (!certificate.valid_to) return
  trace.fact('tls_subject', firstOf(certificate.subject.CN) ?? certificate.subjectaltname ?? '')
  trace.fact('tls_expires_at', Math.round(Date.parse(certificate.valid_to) / 1000))
  trace.fact('tls_expires_in_days', Math.floor((Date.parse(certificate.valid_to) - trace.wallClock()) / 86_400_000))
}

function firstOf(value: string | string[] | undefined): string | undefined {
  return Array.isArray(value) ? value[0] : value
}

/** Waits for a socket to be ready, and leaves only an idle error listener on it. */
function opened(socket: Socket, event: 'connect' | 'secureConnect', signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (error: Error) => {
      done()
      socket.destroy()
      reject(error)
    }
    const onReady = () => {
      done()
      resolve()
    }
    const onClose = () => fail(Object.assign(new Error('closed before it was ready'), {code: 'ECONNRESET'}))
    const onAbort = () => fail(signal.reason as Error)
    const done = () => {
      socket.off(event, onReady).off('error', fail).off('close', onClose)
      signal.removeEventListener('abort', onAbort)
    }
    socket.on('error', () => {}) // a late error is nobody's news: the socket is ours to end
    socket.once(event, onReady).once('error', fail).once('close', onClose)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, {once: true})
  })
}
