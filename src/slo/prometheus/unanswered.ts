/**
 * Why Prometheus did not answer. `server`: it cannot be asked at all. `syntax`: it cannot read the query. `unknown`: it
 * is too old for it. `query`: it could read it and not answer it, or not wholly.
 */
export type UnansweredKind = 'server' | 'syntax' | 'unknown' | 'query'

/** No answer, with the reason for people: never a fault of the system that is judged. */
export class Unanswered extends Error {
  override readonly name = 'Unanswered'
  readonly kind: UnansweredKind

  constructor(kind: UnansweredKind, message: string, options?: ErrorOptions) {
    super(message, options)
    this.kind = kind
  }
}
