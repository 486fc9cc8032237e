import type {Socket} from 'node:net'
import {ProbeFailure} from '../core/errors.ts'
import {tlsFailure} from './tls-failure.ts'
import {within} from './within.ts'

const LOOK_MS = 2000

/**
 * Some servers cut whoever shows a certificate that they do not accept, without the alert that TLS has for it (Node's
 * own are such). Asked again without one, they say that they want one. Returns the failure that says most.
 */
export async function namingOurCertificate(
  cut: unknown,
  without: (signal: AbortSignal) => Promise<Socket>,
  signal: AbortSignal,
): Promise<unknown> {
  const limit = {ms: LOOK_MS, signal, reason: () => new Error('no second answer')}
  const second = await within(limit, async (signal) => firstError(await without(signal), signal)).catch(
    (error: unknown) => error,
  )
  if (!wantsOne(second)) return cut
  const message =
    'the server does not accept our client certificate: it closed the connection; without one it wants one'
  return new ProbeFailure('tls_client_certificate', message, {
    cause: cut,
    phase: 'tls',
    hint: 'is `cert` valid, and signed by an authority that the server trusts?',
  })
}

/** TLS 1.3 says so after the handshake is over, TLS 1.2 in it, in words that it has for much else. */
function wantsOne(error: unknown): boolean {
  const failure = error instanceof ProbeFailure ? error : error instanceof Error ? tlsFailure(error) : undefined
  return (
    failure?.code === 'tls_client_certificate' ||
    (failure?.code === 'tls_protocol' && failure.message.includes('ALERT_HANDSHAKE_FAILURE'))
  )
}

/** What a connection breaks with on which nothing is said; undefined where it just ends. */
function firstError(socket: Socket, signal: AbortSignal): Promise<Error | undefined> {
  return new Promise<Error | undefined>((resolve) => {
    const give = (error?: Error) => resolve(error)
    if (socket.destroyed) give(socket.errored ?? undefined)
    socket
      .once('error', give)
      .once('close', () => give())
      .once('data', () => give())
    signal.addEventListener('abort', () => give(), {once: true})
  }).finally(() => socket.destroy())
}
