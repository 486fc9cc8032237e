import type {Conversation} from './conversation-state.ts'
import type {Stage} from './plan.ts'

/** The part of the conversation that is being led. */
export function stageOf({stages, at}: Conversation): Stage {
  const stage = stages[at]
  if (!stage) throw new Error('the conversation is over')
  return stage
}
