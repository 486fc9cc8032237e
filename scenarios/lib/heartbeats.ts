import {answerHeartbeat, heartbeatDeadline, runHeartbeats} from '../../src/dialect/heartbeat.ts'
import type {Conversation, Output} from '../../src/dialect/conversation-state.ts'
import type {Received, Sent} from '../../src/dialect/message.ts'
import type {Side} from '../../src/dialect/plan.ts'
import {elapsed} from './clock.ts'

/** What keeps a session alive beside its round trips. */
export interface Heartbeats {
  /** Whether a message was one that asks for a sign of life; it is answered. */
  answer(side: Side, message: Received): boolean
  stop(): void
}

/** The heartbeats of a conversation that has come so far; nothing for a dialect without any. */
export function heartbeatsOf(begun: Conversation, send: (side: Side, message: Sent) => void): Heartbeats | undefined {
  if (begun.dialect.heartbeats.length === 0) return undefined
  let state = begun
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  const take = (next: {state: Conversation; outputs: readonly Output[]}) => {
    state = next.state
    for (const output of next.outputs) if (output.kind === 'send') send(output.side, output.message)
  }
  const beat = () => {
    take(runHeartbeats(state, elapsed()))
    const at = heartbeatDeadline(state)
    // Whoever sends it may stop all in doing so.
    if (at !== undefined && !stopped) timer = setTimeout(beat, Math.max(1, at - elapsed()))
  }
  beat()
  return {
    answer(side, message) {
      const answered = answerHeartbeat(state, side, {message, now: elapsed()})
      if (answered) take(answered)
      return answered !== undefined
    },
    stop() {
      stopped = true
      if (timer !== undefined) clearTimeout(timer)
    },
  }
}
