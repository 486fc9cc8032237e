import type {Conversation} from '../../dialect/conversation-state.ts'
import {secretsTaken} from '../../dialect/secrets-taken.ts'
import type {Trace} from '../probe.ts'

/** What a client has taken meanwhile, wherever it comes back. */
export function hideSecrets(state: Conversation, trace: Pick<Trace, 'secret'>): void {
  for (const secret of secretsTaken(state)) trace.secret(secret)
}

/** A cookie that is shorter holds a choice ("dark", "true"), and is a word that is elsewhere, too. */
const SHORTEST_SESSION = 8

/** The cookies that an answer sets: a session that whoever has it may go on with. */
export function hideCookies(headers: readonly string[], trace: Pick<Trace, 'secret'>): void {
  for (const header of headers) {
    const value = /^[^=;]*=([^;]*)/.exec(header)?.[1]
    if (value && value.length >= SHORTEST_SESSION) trace.secret(value)
  }
}
