import {ProbeFailure} from '../../core/errors.ts'
import type {FailureCode} from '../../core/failure.ts'
import type {Method, StunMessage} from '../stun/message.ts'
import {describeError, refusalFacts} from '../stun/response-error.ts'

const codes: Readonly<Record<number, FailureCode>> = {
  403: 'turn_forbidden',
  437: 'turn_allocation_mismatch',
  438: 'turn_stale_nonce',
  443: 'turn_forbidden',
}

const hints: Readonly<Partial<Record<FailureCode, string>>> = {
  turn_allocation_mismatch: 'the server lost the allocation: it was restarted, or several share the address',
  turn_stale_nonce: 'do several servers without shared nonces answer here?',
}

/** What a server answered to a step after the allocation: never "credentials rejected", those were good a moment ago. */
export class StepRefused extends ProbeFailure {
  /** Whether it says what the server allows. Otherwise the server has lost its way, and the attempt ends. */
  readonly isPolicy: boolean

  constructor(method: Method, message: StunMessage) {
    const {error, signed} = message
    const code = codes[error?.code ?? 0] ?? 'stun_error'
    const said = error ? describeError(error) : 'an error without ERROR-CODE'
    const hint = hints[code]
    const facts = refusalFacts(message)
    super(code, `${method} refused (${said}${signed ? '' : ', unsigned'})`, {facts, ...(hint && {hint})})
    this.isPolicy = hint === undefined
  }
}
