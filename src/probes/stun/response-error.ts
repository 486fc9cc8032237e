import type {Facts} from '../../core/result.ts'
import type {StunMessage} from './message.ts'

/** What ERROR-CODE holds (RFC 8489 section 14.8). */
export interface ResponseError {
  readonly code: number
  readonly reason: string
}

/** "401 Unauthorized", or the bare number where the server gives no reason. */
export function describeError({code, reason}: ResponseError): string {
  return reason === '' ? String(code) : `${code} ${reason}`
}

/** A refusal as it came, for whoever knows that server: its words, whether it signed them, and what it calls itself. */
export function refusalFacts({error, signed, software}: StunMessage): Facts {
  return {
    ...(error && {error_code: error.code}),
    ...(error?.reason && {error_reason: error.reason}),
    error_signed: signed,
    ...(software && {software}),
  }
}
