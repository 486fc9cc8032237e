import {soundsSecret} from '../../core/sounds-secret.ts'
import type {Conversation} from '../../dialect/conversation-state.ts'
import type {Trace} from '../probe.ts'

/** Nobody configured what a client has taken meanwhile: by its name it is a secret all the same, wherever it comes back. */
export function hideSecrets({clients}: Conversation, trace: Pick<Trace, 'secret'>): void {
  for (const {values} of Object.values(clients)) {
    for (const [name, value] of Object.entries(values)) {
      if (typeof value === 'string' && soundsSecret(name)) trace.secret(value)
    }
  }
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
