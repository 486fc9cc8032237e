import type {FailureCode} from './failure.ts'
import type {Facts} from './result.ts'

/** What the operator can mend: says what is wrong, then how to put it right. Ends the command with exit code 2 unless told otherwise. */
export class UserError extends Error {
  override readonly name = 'UserError'
  readonly hint: string | undefined

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options)
    this.hint = hint
  }
}

/** What a probe throws when the target (or the way to it) did not behave. The runner turns it into data. */
export class ProbeFailure extends Error {
  override readonly name = 'ProbeFailure'
  readonly code: FailureCode
  readonly hint: string | undefined
  /** Set where the failing phase is not the one current when the error arrives, as after a clean-up. */
  readonly phase: string | undefined
  /** What the target said of itself while it refused. */
  readonly facts: Facts

  constructor(code: FailureCode, message: string, extra: FailureExtra = {}) {
    super(message, extra)
    this.code = code
    this.hint = extra.hint
    this.phase = extra.phase
    this.facts = extra.facts ?? {}
  }
}

interface FailureExtra extends ErrorOptions {
  readonly hint?: string
  readonly phase?: string
  readonly facts?: Facts
}

/** What the operator can mend, too, and that keeps us from measuring at all: no k6, no disk. Ends with exit code 3. */
export class CannotMeasure extends UserError {}
