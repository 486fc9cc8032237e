import {candidateValues, remoteCandidate} from './candidate.ts'
import {lookupOf, type Conversation, type Output} from './conversation-state.ts'
import {meet} from './expectation.ts'
import type {Received} from './message.ts'
import {sidesOf, type Side, type StageName} from './plan.ts'
import {messageOf} from './sending.ts'

const during: readonly (StageName | undefined)[] = ['offer', 'answer', 'call']

/** In a call, the candidate of the other end that a message brings, whatever the client is waiting for. */
export function arrivedCandidate(state: Conversation, side: Side, message: Received): Output | undefined {
  const delivery = state.dialect.handover?.candidate
  if (!isTrickling(state) || !delivery) return undefined
  const taken = delivery.expect && meet(message, delivery.expect, lookupOf(state, side))
  const candidate = remoteCandidate(taken ?? {})
  return candidate && {kind: 'add_candidate', side, candidate}
}

/** Sends what the peers of a call have found, once their descriptions are sent: no candidate comes before its description. */
export function sendCandidates(state: Conversation): {state: Conversation; outputs: Output[]} {
  const delivery = state.dialect.handover?.candidate
  const outputs: Output[] = []
  let current = state
  if (!isTrickling(state) || !delivery) return {state, outputs}
  for (const side of sidesOf(state.dialect).filter((one) => hasDescribed(state, one))) {
    const client = current.clients[side]
    for (const candidate of client.candidates) {
      const send = candidate ? delivery.send : delivery.end
      const lookup = lookupOf(current, side, candidate ? candidateValues(candidate) : {})
      if (send) outputs.push({kind: 'send', side, message: messageOf(send, lookup)})
    }
    current = {...current, clients: {...current.clients, [side]: {...client, candidates: []}}}
  }
  return {state: current, outputs}
}

function isTrickling({settings, stages, at}: Conversation): boolean {
  return settings.purpose === 'call' && during.includes(stages[at]?.name)
}

function hasDescribed({stages, at, lanes}: Conversation, side: Side): boolean {
  const stage = stages[at]
  if (stage?.name === 'call') return true
  const description = stage?.steps[side].findIndex((step) => 'media' in step && step.media !== 'accept') ?? -1
  // Its own step of describing is followed by the sending; the offering client has none in the stage of the answer.
  return description < 0 ? stage?.name === 'answer' : lanes[side].index > description + 1
}
