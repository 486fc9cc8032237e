import {otherOf, type Conversation, type Output} from './conversation-state.ts'
import {awaitsMatch} from './plan.ts'
import {tripOutputs} from './round-trips.ts'
import {stageOf} from './stage.ts'

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
    case 'match': {
      if (!awaitsMatch(state.dialect)) return operations
      // From the second join to the slower client's match: what a user who finds a peer waiting has to wait.
      const joinedAt = later(a.sentAt, b.sentAt) ?? state.stageSince
      return [...operations, latency('match_latency', later(a.receivedAt, b.receivedAt), joinedAt)]
    }
    case 'answer': {
      if (state.dialect.handover?.offerer === 'server') return operations
      // From the offer to its receipt of the answer, less the time that the other end's peer took to make one.
      const {offerer, lanes, offeredAt} = state
      const answeredAt = (lanes[offerer].receivedAt ?? 0) - (lanes[otherOf(offerer)].describedMs ?? 0)
      return [...operations, latency('offer_answer', answeredAt, offeredAt)]
    }
    case 'round_trips':
      return tripOutputs(state)
    case 'requests':
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
