import {ProbeFailure} from '../core/errors.ts'
import {dialling, type ConnectionOptions} from './connection-options.ts'
import {dial} from './dial.ts'
import type {Target, Trace} from './probe.ts'
import {quiet} from './quiet-trace.ts'
import {addressOf} from './url-address.ts'
import {within} from './within.ts'

const LOOK_MS = 500

/**
 * Many a TLS port closes on plain text without a byte. Where a plain connection was cut without an answer, a TLS
 * handshake tells whether it is one. Returns the failure that says most.
 */
export async function needsTls(
  cut: unknown,
  {url, target, connection}: {url: URL; target: Pick<Target, 'family'>; connection: ConnectionOptions},
  trace: Trace,
): Promise<unknown> {
  if (url.protocol !== 'http:' || !isCut(cut) || trace.signal.aborted) return cut
  const address = {...addressOf(url), tls: true}
  const limit = {ms: LOOK_MS, signal: trace.signal, reason: () => new Error('no TLS')}
  try {
    const socket = await within(limit, (signal) =>
      dial(dialling(address, {...connection, insecure: true}), target, {...quiet(trace), signal}),
    )
    socket.destroy()
  } catch {
    return cut // it does not speak TLS either
  }
  return new ProbeFailure('needs_tls', 'the port speaks TLS: the server closed a plain connection without an answer', {
    cause: cut,
    hint: 'use https: or wss:',
  })
}

function isCut(error: unknown): boolean {
  if (error instanceof ProbeFailure) return error.code === 'closed' || error.code === 'reset'
  return error instanceof Error && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
}
