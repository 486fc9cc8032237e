import type {FailureCode} from '../core/failure.ts'
import type {Json} from '../core/json.ts'
import {beginning} from './beginning.ts'
import {meetConditions, type Values} from './conditions.ts'
import {lookupOf, type Conversation, type ConversationFailure} from './conversation-state.ts'
import {meet} from './expectation.ts'
import {asText} from './filters.ts'
import {arrivedDuring} from './inbox.ts'
import {describeMessage, type Received} from './message.ts'
import {sidesOf, type Side} from './plan.ts'
import type {Complaint} from './schema-step.ts'
import {stageOf} from './stage.ts'
import {fill, UnsetValue} from './template.ts'

const codes: Readonly<Record<Complaint['means'], FailureCode>> = {
  error: 'signaling_error',
  absent: 'peer_absent',
  refused: 'peer_refused',
  queued: 'peer_queued',
  expired: 'offer_expired',
}

const meanings: Readonly<Record<Complaint['means'], string>> = {
  error: 'answered',
  absent: 'said that the other client is not there:',
  refused: 'said that the other client refused:',
  queued: 'put it into a queue:',
  expired: 'said that it expired:',
}

export interface Complained extends Pick<ConversationFailure, 'code' | 'message'> {
  readonly means: Complaint['means']
}

/** What a message says if it is a complaint by the dialect's `errors`, in the server's own words. */
export function complaintOf(state: Conversation, side: Side, message: Received): Complained | undefined {
  return complained(state, side, {
    shown: describeMessage(message),
    read: (one) => meet(message, one, lookupOf(state, side)),
  })
}

/** The first complaint to any client in the current stage that no step was meant for: what its round trips were answered. */
export function complaintDuring(state: Conversation): Complained | undefined {
  for (const side of sidesOf(state.dialect)) {
    for (const {message} of arrivedDuring(state, side)) {
      const complaint = complaintOf(state, side, message)
      if (complaint) return complaint
    }
  }
  return undefined
}

/** The same for the body of an HTTP answer. */
export function complaintIn(state: Conversation, side: Side, body: Json): Complained | undefined {
  const read = (one: Complaint) => (one.event === undefined ? meetConditions(body, one, lookupOf(state, side)) : null)
  return complained(state, side, {shown: beginning(asText(body)), read})
}

function complained(
  state: Conversation,
  side: Side,
  {shown, read}: {shown: string; read: (complaint: Complaint) => Values | null},
): Complained | undefined {
  for (const complaint of state.dialect.errors) {
    const taken = readKnown(read, complaint)
    if (!taken) continue
    const {means, text} = complaint
    const words = text === undefined ? shown : JSON.stringify(asText(fill(text, lookupOf(state, side, taken))))
    const {index} = state.lanes[side]
    const during = stageOf(state).steps[side][index]
    const where = during && 'name' in during && during.name !== undefined ? ` at "${during.name}"` : ''
    return {
      means,
      code: codes[means],
      message: `client ${side.toUpperCase()}${where}: the server ${meanings[means]} ${words}`,
    }
  }
  return undefined
}

/** A complaint about something that has not been said yet is none. */
function readKnown(read: (complaint: Complaint) => Values | null, complaint: Complaint): Values | null {
  try {
    return read(complaint)
  } catch (error) {
    if (error instanceof UnsetValue) return null
    throw error
  }
}
