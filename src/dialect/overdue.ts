import {formatMs} from '../core/duration.ts'
import {binaryHint} from './binary-hint.ts'
import {complaintDuring} from './complaint.ts'
import type {Arrival, Conversation, ConversationFailure} from './conversation-state.ts'
import {describeExpectation, describeInstead} from './expectation.ts'
import {arrivedDuring} from './inbox.ts'
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
  const {settings, trips, dialect} = state
  if (trips.some(({valueMs}) => valueMs !== undefined)) return undefined
  const none = `none of ${settings.count} round trips came back`
  const complaint = complaintDuring(state)
  if (complaint) return {code: 'round_trips_lost', stage: 'round_trips', message: `${none}: ${complaint.message}`}
  const side = answeringSide(state)
  const {roundTrip} = dialect
  const expected =
    'expect' in roundTrip
      ? describeExpectation(roundTrip.expect)
      : roundTrip.kind === 'ping'
        ? 'a pong'
        : 'an acknowledgement'
  const came = arrivedDuring(state, side)
  const message =
    `${none}: client ${side.toUpperCase()} expected ${expected} ` +
    `within ${formatMs(settings.roundTripTimeoutMs)}, got ${inWords(came)}${senderGot(state)}`
  return {code: 'round_trips_lost', stage: 'round_trips', message, ...binaryHint(came)}
}

/** Who relays for nobody may say so to the sender. */
function senderGot(state: Conversation): string {
  const came = answeringSide(state) === 'b' ? arrivedDuring(state, 'a') : []
  return came.length === 0 ? '' : `; client A got ${inWords(came)}`
}

function inWords(came: readonly Arrival[]): string {
  return describeInstead(came.map(({message}) => message))
}
