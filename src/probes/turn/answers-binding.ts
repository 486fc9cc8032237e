import type {Trace} from '../probe.ts'
import {encodeRequest} from '../stun/message.ts'
import type {StunSession} from '../stun/session.ts'
import {pause} from './pause.ts'

/** After so long without an answer to the first request it is worth knowing whether anything answers here. */
const ASK_AFTER_MS = 500

/** Asks for a Binding beside a request that meets silence, until `stop`. Tells whether it was answered so far. */
export function watchBinding(session: StunSession, {signal}: Pick<Trace, 'signal'>): {answered: boolean; stop(): void} {
  const stopped = new AbortController()
  const until = AbortSignal.any([signal, stopped.signal])
  const watch = {answered: false, stop: () => stopped.abort(new Error('answered'))}
  const ask = async () => {
    await pause(ASK_AFTER_MS, until)
    if (until.aborted) return
    await session.request(encodeRequest('Binding'), {signal: until})
    watch.answered = true // a refusal is an answer too
  }
  ask().catch(() => {}) // silence to this says nothing: some servers have no Binding
  return watch
}
