import type {Json} from '../core/json.ts'
import {lookupOf, type Conversation, type ConversationFailure} from './conversation-state.ts'
import {sameJson} from './conditions.ts'
import type {Side} from './plan.ts'
import {fillText, UnsetValue, type Lookup} from './template.ts'

/** The failure of a match with a peer that is not ours, as soon as one client's values tell. */
export function strangerIn(state: Conversation): ConversationFailure | undefined {
  const matched = (['a', 'b'] as const).filter((one) => isMatched(state, one))
  const side = matched.find((one) => metStranger(state, one, matched.length === 2))
  if (!side) return undefined
  return {
    code: 'stranger',
    stage: 'match',
    message: `client ${side.toUpperCase()} was matched with a peer that is not ours, and left at once`,
    hint: 'others wait in the same queue: give the dialect an isolation value that the server matches by',
  }
}

/** Once both are matched, everything must be known: a peer that cannot be told is not taken for ours. */
function metStranger(state: Conversation, side: Side, complete: boolean): boolean {
  const lookup = lookupOf(state, side)
  return (state.dialect.match?.ours ?? []).some(({value, equals}) => {
    const fill = complete ? fillText : fillKnown
    const [one, other] = [fill(value, lookup), fill(equals, lookup)]
    return one !== undefined && other !== undefined && !sameJson(one, other)
  })
}

/** Undefined for what is not known yet, as the other client's room before it is matched. */
function fillKnown(template: string, lookup: Lookup): Json | undefined {
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
