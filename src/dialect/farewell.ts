import {lookupOf, type Conversation, type Output} from './conversation-state.ts'
import {sidesOf} from './plan.ts'
import {messageOf} from './sending.ts'
import {UnsetValue} from './template.ts'

/** What to send before hanging up on a conversation that did not reach its own end. */
export function farewell(state: Conversation): Output[] {
  if (state.stages[state.at]?.name === 'leave') return [] // it was at that
  return sidesOf(state.dialect).flatMap((side) => {
    if (!state.clients[side].opened) return []
    return state.dialect.leave.flatMap((step): Output[] => {
      if (!('send' in step) || (step.only ?? side) !== side) return []
      try {
        return [{kind: 'send', side, message: messageOf(step.send, lookupOf(state, side))}]
      } catch (error) {
        if (error instanceof UnsetValue) return [] // nothing was joined that could be left
        throw error
      }
    })
  })
}
