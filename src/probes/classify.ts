import {ProbeFailure} from '../core/errors.ts'
import type {Failure, FailureCode} from '../core/failure.ts'
import {tlsFailure} from './tls-failure.ts'

/** What the operating system's error codes mean for an attempt, with a word for people. */
const systemErrors: Readonly<Record<string, readonly [code: FailureCode, meaning: string]>> = {
  ECONNREFUSED: ['refused', 'connection refused'],
  ECONNRESET: ['reset', 'connection reset by the server'],
  EPIPE: ['reset', 'connection closed by the server while we wrote'],
  ECONNABORTED: ['reset', 'connection aborted'],
  ETIMEDOUT: ['timeout', 'no answer from the network'],
  EHOSTUNREACH: ['unreachable', 'host unreachable'],
  EHOSTDOWN: ['unreachable', 'host down'],
  ENETUNREACH: ['offline', 'this machine has no route to that network'],
  ENETDOWN: ['offline', 'the network of this machine is down'],
  EADDRNOTAVAIL: ['exhausted', 'this machine has no free port or no such address'],
  EMFILE: ['exhausted', 'this process has no free file descriptor'],
  ENFILE: ['exhausted', 'this machine has no free file descriptor'],
  ENOBUFS: ['exhausted', 'this machine has no free network buffers'],
  EACCES: ['unsupported', 'not permitted by this machine'],
  EPERM: ['unsupported', 'not permitted by this machine'],
  ENOTFOUND: ['dns_not_found', 'no such name'],
  ENODATA: ['dns_not_found', 'the name has no address of this family'],
  EAI_FAIL: ['dns_failed', 'the name server failed'],
  EAI_AGAIN: ['dns_failed', 'no name server answered'],
  EAI_NODATA: ['dns_not_found', 'the name has no address'],
  ESERVFAIL: ['dns_failed', 'the name server failed'],
  ETIMEOUT: ['dns_failed', 'no name server answered'],
}

/** Turns whatever a probe threw into data. What nothing here knows is a bug of ours, never the target's fault. */
export function failureOf(error: unknown, phase: string): Failure {
  const known = toProbeFailure(error)
  if (known) {
    return {
      code: known.code,
      phase: known.phase ?? phase,
      message: known.message,
      ...(known.hint && {hint: known.hint}),
    }
  }
  const stack = error instanceof Error ? (error.stack ?? error.message) : String(error)
  return {
    code: 'crashed',
    phase,
    message: `probe crashed: ${stack}`,
    hint: 'this is a bug of the prober: please report it',
  }
}

/** The ProbeFailure that an error of Node's sockets amounts to, or undefined for what is none. */
export function toProbeFailure(error: unknown): ProbeFailure | undefined {
  if (error instanceof ProbeFailure) return error
  if (!(error instanceof Error)) return undefined
  if (error instanceof AggregateError && error.errors.length > 0) return toProbeFailure(error.errors[0])
  const {code} = error as NodeJS.ErrnoException
  const system = code === undefined ? undefined : systemErrors[code]
  if (system) return new ProbeFailure(system[0], `${system[1]} (${where(error)})`, {cause: error})
  return tlsFailure(error)
}

function where(error: NodeJS.ErrnoException & {address?: string; port?: number; hostname?: string}): string {
  const place = error.address ?? error.hostname
  return [error.code, place && (error.port === undefined ? place : `${place}:${error.port}`)].filter(Boolean).join(' ')
}
