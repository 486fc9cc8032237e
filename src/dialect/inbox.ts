import type {Arrival, Conversation} from './conversation-state.ts'
import type {Side} from './plan.ts'

/** What came to a client in the current stage and was for nothing. */
export function arrivedDuring({clients, stageSince}: Conversation, side: Side): readonly Arrival[] {
  return clients[side].inbox.filter(({at}) => at >= stageSince)
}
