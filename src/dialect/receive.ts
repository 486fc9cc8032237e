import type {Arrival, Conversation, ConversationFailure, Output} from './conversation-state.ts'
import {complaintOf} from './complaint.ts'
import {sameJson} from './conditions.ts'
import {lookupOf} from './conversation-state.ts'
import {meet} from './expectation.ts'
import {answerHeartbeat} from './heartbeat.ts'
import {updateLane} from './lane-state.ts'
import type {Received, Sent} from './message.ts'
import type {LaneStep, Side} from './plan.ts'
import {answerTrip} from './round-trips.ts'
import {stageOf} from './stage.ts'
import {UnsetValue} from './template.ts'
import {arrivedCandidate} from './trickle.ts'

/** Unused messages that are kept for each client: what came early, and what to show when something else was expected. */
const INBOX = 100
/** Messages of its own that a client remembers where they come back to it. */
const SAID = 100

export interface Reception {
  readonly state: Conversation
  readonly outputs: readonly Output[]
  readonly failure?: ConversationFailure
}

/** Gives a message to what it is for: a heartbeat, a peer, a round trip; else it is kept for the client's steps. */
export function receive(state: Conversation, side: Side, {arrival, now}: {arrival: Arrival; now: number}): Reception {
  const {message} = arrival
  const beat = answerHeartbeat(state, side, {message, now})
  if (beat) return beat
  const echoed = withoutEcho(state, side, message)
  if (echoed) return {state: echoed, outputs: []}
  const candidate = arrivedCandidate(state, side, message)
  if (candidate) return {state, outputs: [candidate]}
  const answered = stageOf(state).name === 'round_trips' ? answerTrip(state, side, arrival) : null
  if (answered) return {state: answered, outputs: []}
  const client = state.clients[side]
  return {
    state: updateLane(state, side, {client: {...client, inbox: [...client.inbox, arrival].slice(-INBOX)}}),
    outputs: [],
  }
}

/** A message that no step wanted may be a complaint. One that a later step waits for is its answer. */
export function complain(
  state: Conversation,
  side: Side,
  arrival: Arrival,
): {state: Conversation; failure?: ConversationFailure} {
  const {name, steps} = stageOf(state)
  const client = state.clients[side]
  if (name === 'round_trips' || name === 'leave' || !client.inbox.includes(arrival)) return {state}
  const later = steps[side].slice(state.lanes[side].index)
  if (later.some((step) => isFor(state, side, {step, message: arrival.message}))) return {state}
  const complaint = complaintOf(state, side, arrival.message)
  if (!complaint) return {state}
  const {means, code, message} = complaint
  if (means === 'queued') return {state: updateLane(state, side, {client: {...client, queued: message}})}
  return {state, failure: {code, stage: name, message}}
}

/** Remembers what was said, where it may come back. */
export function remember(state: Conversation, outputs: readonly Output[]): Conversation {
  if (!state.dialect.ignoreOwn) return state
  return outputs.reduce((current, output) => {
    if (output.kind !== 'send') return current
    const client = current.clients[output.side]
    return updateLane(current, output.side, {client: {...client, said: [...client.said, output.message].slice(-SAID)}})
  }, state)
}

/** The state without the client's own message, if this one is its echo. */
function withoutEcho(state: Conversation, side: Side, message: Received): Conversation | undefined {
  const client = state.clients[side]
  const index = client.said.findIndex((own) => isSame(own, message))
  if (index < 0) return undefined
  return updateLane(state, side, {client: {...client, said: client.said.toSpliced(index, 1)}})
}

function isSame(own: Sent, message: Received): boolean {
  if (own.kind !== message.kind || own.kind === 'ack') return false
  if (own.kind === 'event' && (message.kind !== 'event' || own.event !== message.event)) return false
  return sameJson(own.value, message.value)
}

function isFor(state: Conversation, side: Side, {step, message}: {step: LaneStep; message: Received}): boolean {
  const expected = 'expect' in step && !('request' in step) ? step.expect : 'until' in step ? step.until : undefined
  try {
    return expected !== undefined && meet(message, expected, lookupOf(state, side)) !== null
  } catch (error) {
    if (error instanceof UnsetValue) return false // it cannot be told yet
    throw error
  }
}
