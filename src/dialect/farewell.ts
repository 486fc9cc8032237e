import {lookupOf, type Conversation, type Known, type Output} from './conversation-state.ts'
import {sidesOf} from './plan.ts'
import {messageOf} from './sending.ts'
import {UnsetValue} from './template.ts'

type Sending = Extract<Output, {kind: 'send'}>

/** What to send before hanging up on a conversation that did not reach its own end. */
export function farewell(state: Conversation): Sending[] {
  if (state.stages[state.at]?.name === 'leave') return [] // it was at that
  return leaving(state)
}

/** What the clients send when they leave. */
export function leaving(known: Known): Sending[] {
  return sidesOf(known.dialect).flatMap((side) => {
    if (!known.clients[side].opened) return []
    return known.dialect.leave.flatMap((step): Sending[] => {
      if (!('send' in step) || (step.only ?? side) !== side) return []
      try {
        return [{kind: 'send', side, message: messageOf(step.send, lookupOf(known, side))}]
      } catch (error) {
        if (error instanceof UnsetValue) return [] // nothing was joined that could be left
        throw error
      }
    })
  })
}
