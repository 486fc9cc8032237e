import type {Conversation, Output} from './conversation-state.ts'
import {stageOf} from './lane.ts'
import {tripOutputs} from './round-trips.ts'

/** What a stage that is through has measured. */
export function measuresOf(state: Conversation): Output[] {
  const stage = stageOf(state)
  const {a, b} = state.lanes
  const operations = Array.from({length: stage.operations}, (): Output => ({
    kind: 'event',
    indicator: 'operation',
    ok: true,
  }))
  switch (stage.name) {
    case 'match':
      // From the second join to the slower client's match: what a user who finds a peer waiting has to wait.
      return [
        ...operations,
        latency('match_latency', later(a.receivedAt, b.receivedAt), later(a.sentAt, b.sentAt) ?? state.stageSince),
      ]
    case 'answer':
      // From A's offer to its receipt of the answer, less the time that B's own peer took to make one.
      return [...operations, latency('offer_answer', (a.receivedAt ?? 0) - (b.describedMs ?? 0), state.offeredAt)]
    case 'round_trips':
      return tripOutputs(state)
    case 'open':
    case 'offer':
    case 'candidates':
    case 'call':
    case 'leave':
      return operations
  }
}

/** One that was heard before it was asked for took no time. */
function latency(indicator: string, to = 0, from = to): Output {
  return {kind: 'event', indicator, ok: true, value: Math.max(0, to - from)}
}

function later(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other)
}
