import {ProbeFailure} from '../../core/errors.ts'
import type {Conversation, ConversationFailure} from '../../dialect/conversation-state.ts'
import {overdue} from '../../dialect/overdue.ts'
import type {Trace} from '../probe.ts'

/** A failure of the conversation, as the runner takes it. */
export function failureFrom({code, stage, message, hint}: ConversationFailure, cause?: unknown): ProbeFailure {
  return new ProbeFailure(code, message, {phase: stage, cause, ...(hint !== undefined && {hint})})
}

/** The deadline's own time-out says less than what was waited for. */
export function deadlineFailure(state: Conversation, trace: Pick<Trace, 'signal' | 'now'>): Error {
  const reason = trace.signal.reason as Error
  const waiting = reason instanceof ProbeFailure && reason.code === 'timeout' ? overdue(state, trace.now()) : undefined
  return waiting ? failureFrom(waiting, reason) : reason
}
