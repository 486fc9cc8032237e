import type {Json} from '../core/json.ts'
import {lookupOf, type Conversation, type ConversationFailure} from './conversation-state.ts'
import {sameJson} from './expectation.ts'
import type {Side} from './plan.ts'
import {fillText, UnsetValue} from './template.ts'

/** The failure of a match with a peer that is not ours, as soon as one client's values tell. */
export function strangerIn(state: Conversation): ConversationFailure | undefined {
  const side = (['a', 'b'] as const).find((one) => isMatched(state, one) && metStranger(state, one))
  if (!side) return undefined
  return {
    code: 'stranger',
    stage: 'match',
    message: `client ${side.toUpperCase()} was matched with a peer that is not ours, and left at once`,
    hint: 'others wait in the same queue: give the dialect an isolation value that the server matches by',
  }
}

function metStranger(state: Conversation, side: Side): boolean {
  const lookup = lookupOf(state, side)
  return (state.dialect.match?.ours ?? []).some(({value, equals}) => {
    const [one, other] = [filled(value, lookup), filled(equals, lookup)]
    return one !== undefined && other !== undefined && !sameJson(one, other)
  })
}

/** Undefined for what is not known yet, as the other client's room before it is matched. */
function filled(template: string, lookup: Parameters<typeof fillText>[1]): Json | undefined {
  try {
    return fillText(template, lookup)
  } catch (error) {
    if (error instanceof UnsetValue) return undefined
    throw error
  }
}

function isMatched({stages, at, lanes}: Conversation, side: Side): boolean {
  return lanes[side].index >= (stages[at]?.steps[side].length ?? 0)
}
