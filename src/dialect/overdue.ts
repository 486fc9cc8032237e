import {formatMs} from '../core/duration.ts'
import {binaryHint} from './binary-hint.ts'
import type {Conversation, ConversationFailure} from './conversation-state.ts'
import {describeExpectation, describeInstead} from './expectation.ts'
import {unmet} from './lane.ts'
import {sidesOf} from './plan.ts'
import {answeringSide} from './round-trips.ts'
import {stageOf} from './stage.ts'

/** What the conversation waits for, as a failure, for a deadline that is not its own. */
export function overdue(state: Conversation, now: number): ConversationFailure | undefined {
  if (state.ended) return undefined
  if (stageOf(state).name === 'round_trips') return allLost(state)
  return sidesOf(state.dialect).reduce<ConversationFailure | undefined>(
    (found, side) => found ?? unmet(state, side, now),
    undefined,
  )
}

/** The failure of round trips of which not one came back. */
export function allLost(state: Conversation): ConversationFailure | undefined {
  const {settings, trips, dialect, clients} = state
  if (trips.some(({valueMs}) => valueMs !== undefined)) return undefined
  const side = answeringSide(state)
  const {roundTrip} = dialect
  const expected =
    'expect' in roundTrip
      ? describeExpectation(roundTrip.expect)
      : roundTrip.kind === 'ping'
        ? 'a pong'
        : 'an acknowledgement'
  const came = clients[side].inbox.filter(({at}) => at >= state.stageSince)
  const message =
    `none of ${settings.count} round trips came back: client ${side.toUpperCase()} expected ${expected} ` +
    `within ${formatMs(settings.roundTripTimeoutMs)}, got ${describeInstead(came.map((one) => one.message))}`
  return {code: 'round_trips_lost', stage: 'round_trips', message, ...binaryHint(came)}
}
