/** What ERROR-CODE holds (RFC 8489 section 14.8). */
export interface ResponseError {
  readonly code: number
  readonly reason: string
}

/** "401 Unauthorized", or the bare number where the server gives no reason. */
export function describeError({code, reason}: ResponseError): string {
  return reason === '' ? String(code) : `${code} ${reason}`
}
