import type {Client, Conversation, ConversationFailure, Lane, Output} from './conversation-state.ts'
import type {Side} from './plan.ts'

/** What came of a client's step: it is done (or did a part of its work), it waits for something, or it failed. */
export interface Progress {
  readonly kind: 'on' | 'waiting' | 'failed'
  readonly state: Conversation
  readonly outputs?: readonly Output[]
  readonly failure?: ConversationFailure
}

/** The conversation with one client further on. */
export function updateLane(
  state: Conversation,
  side: Side,
  {lane, client}: {lane?: Lane; client?: Client},
): Conversation {
  return {
    ...state,
    ...(lane && {lanes: {...state.lanes, [side]: lane}}),
    ...(client && {clients: {...state.clients, [side]: client}}),
  }
}

/** The lane at its next step. What it has measured so far stays; what belonged to the step before is forgotten. */
export function nextStep({index, sentAt, receivedAt, describedMs}: Lane, now: number, news: Partial<Lane> = {}): Lane {
  return {
    index: index + 1,
    since: now,
    ...(sentAt !== undefined && {sentAt}),
    ...(receivedAt !== undefined && {receivedAt}),
    ...(describedMs !== undefined && {describedMs}),
    ...news,
  }
}
