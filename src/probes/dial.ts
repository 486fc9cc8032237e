import {connect as tcpConnect, type Socket} from 'node:net'
import type {ResolveOptions} from './addresses.ts'
import {ProbeFailure} from '../core/errors.ts'
import {type ConnectTo, dialled} from './connect-to-option.ts'
import {namingOldTls} from './old-tls.ts'
import {opened} from './opened.ts'
import {namingOurCertificate} from './our-certificate.ts'
import type {Trace} from './probe.ts'
import {quiet} from './quiet-trace.ts'
import {resolve} from './resolve.ts'
import {secure} from './secure.ts'
import type {TlsOptions} from './tls-options.ts'

export interface DialAddress {
  readonly host: string
  readonly port: number
  /** Set for TLS; its absence is a plain connection. */
  readonly tls?: TlsOptions & {readonly alpn?: readonly string[]}
  /** Where the connection goes instead; the certificate is still to be that of `host`. */
  readonly connectTo?: ConnectTo | undefined
  /** The HTTP proxy to go through. */
  readonly proxy?: string | undefined
}

/**
 * Opens a TCP or TLS connection in the phases `resolve`, `connect` and `tls`. The caller owns the socket and
 * destroys it in `finally`; an error listener is already on it. Rejects with the socket's own error, which the runner classifies.
 */
export async function dial(
  {host, port, tls, connectTo, proxy}: DialAddress,
  options: ResolveOptions,
  trace: Trace,
): Promise<Socket> {
  const place = dialled({host, port}, connectTo)
  const reach = async (trace: Trace) => {
    if (proxy === undefined) return direct(place, options, trace)
    const {tunnel} = await import('./tunnel.ts')
    return tunnel({proxy, to: place}, options, trace)
  }
  const socket = await reach(trace)
  if (!tls) return socket

  trace.phase('tls')
  try {
    return await secure(socket, {host, tls}, trace)
  } catch (error) {
    const named = await namingOldTls(error, () => reach(quiet(trace)), trace.signal)
    if (tls.cert === undefined || !(named instanceof ProbeFailure) || named.code !== 'not_tls') throw named
    const bare = {...tls, cert: undefined, key: undefined, insecure: true}
    const without = async (signal: AbortSignal) => {
      const again = {...quiet(trace), signal}
      return secure(await reach(again), {host, tls: bare}, again)
    }
    throw await namingOurCertificate(named, without, trace.signal)
  }
}

async function direct(
  {host, port}: {host: string; port: number},
  options: ResolveOptions,
  trace: Trace,
): Promise<Socket> {
  const {address, family} = await resolve(host, options, trace)
  trace.phase('connect')
  const socket = tcpConnect({host: address, port, family, noDelay: true})
  await opened(socket, 'connect', trace.signal)
  return socket
}
