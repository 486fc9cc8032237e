import type {Socket} from 'node:net'
import {ProbeFailure} from '../core/errors.ts'
import {dialling, type ConnectionOptions} from './connection-options.ts'
import {dial} from './dial.ts'
import {namingOurCertificate} from './our-certificate.ts'
import type {Target, Trace} from './probe.ts'
import {quiet} from './quiet-trace.ts'
import {addressOf} from './url-address.ts'
import {within} from './within.ts'

const LOOK_MS = 500

interface Cut {
  readonly url: URL
  readonly target: Pick<Target, 'family'>
  readonly connection: ConnectionOptions
}

/**
 * A connection that was cut without an answer has causes that a second one tells: plain text to a TLS port, or a client
 * certificate that is not accepted. Returns the failure that says most.
 */
export async function causeOfCut(cut: unknown, {url, target, connection}: Cut, trace: Trace): Promise<unknown> {
  if (!isCut(cut) || trace.signal.aborted) return cut
  const address = addressOf(url)
  const again = (connection: ConnectionOptions) => (signal: AbortSignal) =>
    dial(dialling({...address, tls: true}, {...connection, insecure: true}), target, {...quiet(trace), signal})
  if (!address.tls) return namingTls(cut, again(connection), trace.signal)
  if (connection.cert === undefined) return cut
  return namingOurCertificate(cut, again({...connection, cert: undefined, key: undefined}), trace.signal)
}

/** Many a TLS port closes on plain text without a byte: a TLS handshake tells whether it is one. */
async function namingTls(
  cut: unknown,
  secured: (signal: AbortSignal) => Promise<Socket>,
  signal: AbortSignal,
): Promise<unknown> {
  const limit = {ms: LOOK_MS, signal, reason: () => new Error('no TLS')}
  try {
    const socket = await within(limit, secured)
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
  return error instanceof Error && ['ECONNRESET', 'EPIPE'].includes((error as NodeJS.ErrnoException).code ?? '')
}
