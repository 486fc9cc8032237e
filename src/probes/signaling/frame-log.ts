import type {Json} from '../../core/json.ts'
import type {Received, Sent} from '../../dialect/message.ts'
import type {Side} from '../../dialect/plan.ts'

/** Every message of both clients, with its time: what "what did it say?" is answered by. */
export interface FrameLog {
  readonly entries: readonly Json[]
  sent(side: Side, message: Sent, at: number): void
  received(side: Side, message: Received, at: number): void
}

/** Longest log that is kept. */
const ENTRIES = 1000

export function frameLog(enabled: boolean, startedAt: number): FrameLog {
  const entries: Json[] = []
  const add = (direction: string, message: Sent | Received, {side, at}: {side: Side; at: number}) => {
    if (!enabled || entries.length >= ENTRIES) return
    entries.push({ms: at - startedAt, client: side, direction, ...message})
  }
  return {
    entries,
    sent: (side, message, at) => add('sent', message, {side, at}),
    received: (side, message, at) => add('received', message, {side, at}),
  }
}
