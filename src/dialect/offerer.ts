import {sameJson} from './conditions.ts'
import {lookupOf, type Conversation, type ConversationFailure} from './conversation-state.ts'
import type {Side, Stage} from './plan.ts'
import {fillText} from './template.ts'

/** Settles which of our clients offers, before the offer: the server may have told it. Throws UnsetValue. */
export function settleOfferer(state: Conversation): Conversation | ConversationFailure {
  const {handover} = state.dialect
  const offerer = handover?.with === 'client' ? handover.offerer : 'a'
  if (offerer === 'a' || offerer === 'server') return state
  const isOfferer = (side: Side) =>
    offerer === 'b' ? side === 'b' : sameJson(fillText(offerer.value, lookupOf(state, side)), offerer.equals)
  const sides = (['a', 'b'] as const).filter(isOfferer)
  const [side] = sides
  if (sides.length !== 1 || !side) {
    const message = `expected the server to name one of the clients to make the offer, got ${sides.length === 0 ? 'neither' : 'both'}`
    return {code: 'expectation_unmet', stage: 'offer', message}
  }
  if (side === 'a') return state
  return {...state, offerer: side, stages: state.stages.map((stage) => exchanged(stage))}
}

function exchanged(stage: Stage): Stage {
  if (stage.name !== 'offer' && stage.name !== 'answer') return stage
  return {...stage, steps: {a: stage.steps.b, b: stage.steps.a}}
}
