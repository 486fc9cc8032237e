import type {Socket} from 'node:net'
import {connect as tlsConnect} from 'node:tls'
import {ProbeFailure} from '../core/errors.ts'
import {opened} from './opened.ts'
import {within} from './within.ts'

const LOOK_MS = 500

/**
 * A server that speaks none of our versions only says no. A second handshake, which offers those that were given up
 * (RFC 8996), finds out which it does speak. Returns the failure that says most.
 */
export async function namingOldTls(
  refused: unknown,
  again: () => Promise<Socket>,
  signal: AbortSignal,
): Promise<unknown> {
  if (!(refused instanceof ProbeFailure) || refused.code !== 'tls_protocol') return refused
  let socket: Socket | undefined
  try {
    const limit = {ms: LOOK_MS, signal, reason: () => new Error('no second answer')}
    const version = await within(limit, async (signal) => {
      socket = await again()
      const old = {minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0'} as const
      const secured = tlsConnect({socket, rejectUnauthorized: false, ...old})
      await opened(secured, 'secureConnect', signal)
      return secured.getProtocol()
    })
    return new ProbeFailure('tls_protocol', `expected TLS 1.2 or 1.3, the server speaks ${version} at most`, {
      cause: refused,
      hint: 'allow TLSv1.2 and TLSv1.3 on the server: older versions were given up (RFC 8996), browsers refuse them',
    })
  } catch {
    return refused // it does not speak these either
  } finally {
    socket?.destroy()
  }
}
