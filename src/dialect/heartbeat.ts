import {LONGEST_TIMER_MS} from '../core/duration.ts'
import {lookupOf, type Client, type Conversation, type ConversationFailure, type Output} from './conversation-state.ts'
import {meet} from './expectation.ts'
import {updateLane} from './lane-state.ts'
import type {Received} from './message.ts'
import {sidesOf, type Side} from './plan.ts'
import {SHORTEST_MS} from './shortest-pace.ts'
import type {Heartbeat} from './schema-step.ts'
import {messageOf} from './sending.ts'
import {stageOf} from './stage.ts'
import {fillText} from './template.ts'

/** More answers than this in a second are two machines that answer each other. */
const LOOP = 100

/** Sends the heartbeats that are due. They keep their own time, beside steps and round trips. */
export function runHeartbeats(state: Conversation, now: number): {state: Conversation; outputs: Output[]} {
  const outputs: Output[] = []
  let current = state
  for (const side of sidesOf(state.dialect)) {
    for (const [index, beat] of state.dialect.heartbeats.entries()) {
      if (!('every' in beat)) continue
      const client = current.clients[side]
      const every = intervalOf(beat, client)
      if (every === undefined || !client.opened || stageOf(state).name === 'leave') continue
      const due = client.beats[index] ?? now + every
      if (now >= due) outputs.push({kind: 'send', side, message: messageOf(beat.send, lookupOf(current, side))})
      // One that a stalled prober missed is not made up for.
      const next = now >= due ? Math.max(due + every, now + every / 2) : due
      current = updateLane(current, side, {client: {...client, beats: {...client.beats, [index]: next}}})
    }
  }
  return {state: current, outputs}
}

/** When the next heartbeat of any client is due. */
export function heartbeatDeadline({clients, dialect}: Conversation): number | undefined {
  const times = sidesOf(dialect).flatMap((side) => Object.values(clients[side].beats))
  return times.length === 0 ? undefined : Math.min(...times)
}

export interface Answered {
  readonly state: Conversation
  readonly outputs: readonly Output[]
  readonly failure?: ConversationFailure
}

/** Answers a message that asks for a sign of life; undefined for any other. */
export function answerHeartbeat(
  state: Conversation,
  side: Side,
  {message, now}: {message: Received; now: number},
): Answered | undefined {
  for (const beat of state.dialect.heartbeats) {
    if (!('on' in beat)) continue
    const taken = meet(message, beat.on, lookupOf(state, side))
    if (!taken) continue
    const client = state.clients[side]
    const {since, count} = now - client.answered.since < 1000 ? client.answered : {since: now, count: 0}
    const counted = updateLane(state, side, {client: {...client, answered: {since, count: count + 1}}})
    const outputs: Output[] = [{kind: 'send', side, message: messageOf(beat.send, lookupOf(state, side, taken))}]
    if (count < LOOP) return {state: counted, outputs}
    const text = `client ${side.toUpperCase()} answered ${LOOP} heartbeats in a second: what it says is a heartbeat to the server, too`
    return {state: counted, outputs: [], failure: {code: 'unsupported', stage: stageOf(state).name, message: text}}
  }
  return undefined
}

/** Undefined until the server has told it. */
function intervalOf({every, unit}: Extract<Heartbeat, {every: unknown}>, {values}: Client): number | undefined {
  if (typeof every === 'number') return every
  const name = every.slice(1, -1)
  if (!Object.hasOwn(values, name)) return undefined
  const told = Number(fillText(every, (one) => values[one]))
  const ms = unit === 's' ? told * 1000 : told
  return Number.isFinite(ms) ? Math.min(Math.max(SHORTEST_MS, ms), LONGEST_TIMER_MS) : undefined
}
