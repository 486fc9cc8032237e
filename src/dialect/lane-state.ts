import type {Client, Conversation, Lane} from './conversation-state.ts'
import type {Side} from './plan.ts'

/** The conversation with one client further on. */
export function updateLane(
  state: Conversation,
  side: Side,
  {lane, client}: {lane: Lane; client?: Client},
): Conversation {
  return {
    ...state,
    lanes: {...state.lanes, [side]: lane},
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
