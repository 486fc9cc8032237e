import type {FailureCode} from '../core/failure.ts'
import type {Delivery, Handover} from './schema-conversation.ts'
import type {RequestStep, Step} from './schema-step.ts'
import type {Dialect} from './schema.ts'

/** Our two synthetic clients. A offers; a dialect that needs one client only has A. */
export type Side = 'a' | 'b'

export type StageName =
  'requests' | 'open' | 'match' | 'offer' | 'answer' | 'candidates' | 'call' | 'round_trips' | 'leave'

/** What a client's peer is asked for: to describe itself, to take the other's answer, to name a way to reach it. */
export interface MediaStep {
  readonly media: 'offer' | 'answer' | 'accept' | 'candidate'
}

export type LaneStep = Step | MediaStep | RequestStep

/** A part of the conversation: both clients do their steps side by side, and it ends when both are through. */
export interface Stage {
  readonly name: StageName
  readonly steps: Readonly<Record<Side, readonly LaneStep[]>>
  /** How many signaling operations it is, for the error rate. Round trips count one each. */
  readonly operations: number
  /** What it means when an expectation of it is not met. */
  readonly unmet: FailureCode
}

/** How many clients a dialect needs. */
export function clientsOf({match, handover, roundTrip}: Pick<Dialect, 'match' | 'handover' | 'roundTrip'>): 1 | 2 {
  return match || handover?.with === 'client' || roundTrip.kind === 'relay' ? 2 : 1
}

/** How many HTTP requests the clients of a conversation make before they connect. */
export function requestsOf(dialect: Dialect): number {
  const first = planOf(dialect).find(({name}) => name === 'requests')
  return first ? first.steps.a.length + first.steps.b.length : 0
}

/** The clients themselves. */
export function sidesOf(dialect: Parameters<typeof clientsOf>[0]): readonly Side[] {
  return clientsOf(dialect) === 1 ? ['a'] : ['a', 'b']
}

/**
 * What a conversation is led for: its round trips, a call that its two clients then make, or nothing but its opening,
 * when somebody else makes the round trips and takes leave.
 */
export type Purpose = 'round_trips' | 'call' | 'opening'

const plans: Readonly<Record<Purpose, WeakMap<Dialect, readonly Stage[]>>> = {
  round_trips: new WeakMap(),
  call: new WeakMap(),
  opening: new WeakMap(),
}

/** The stages that a dialect has, in order. Connecting is part of `open`. All conversations of a dialect share them. */
export function planOf(dialect: Dialect, purpose: Purpose = 'round_trips'): readonly Stage[] {
  const known = plans[purpose].get(dialect)
  if (known) return known
  const stages = stagesOf(dialect, purpose)
  plans[purpose].set(dialect, stages)
  return stages
}

function stagesOf(dialect: Dialect, purpose: Purpose): Stage[] {
  const {before, open, match, handover, leave} = dialect
  const clients = clientsOf(dialect)
  const both = <One extends LaneStep>(steps: readonly One[]) => ({
    a: steps.filter((one) => !('only' in one) || one.only !== 'b'),
    b: clients === 1 ? [] : steps.filter((one) => !('only' in one) || one.only !== 'a'),
  })
  const stages: Stage[] = []
  if (before.length > 0) {
    stages.push({name: 'requests', steps: both(before), operations: 0, unmet: 'expectation_unmet'})
  }
  stages.push({name: 'open', steps: both(open), operations: clients, unmet: 'expectation_unmet'})
  if (match) {
    const {join, matched} = match
    const steps = both(matched ? [...join, {expect: matched}] : join)
    stages.push({name: 'match', steps, operations: 2, unmet: 'unmatched'})
  }
  if (handover) {
    const ends = handover.with === 'client' ? betweenClients(handover) : withServer(handover)
    const named = Object.entries(ends) as ['offer' | 'answer' | 'candidates', Ends][]
    for (const [name, {local, remote = [], operations}] of named) {
      const steps = handover.with === 'client' ? {a: local, b: remote} : both(local)
      // The candidates of a call have no stage: they come when a peer finds them, until it ends.
      if (name === 'candidates' && (purpose === 'call' || local.length === 0)) continue
      stages.push({
        name,
        steps,
        operations: operations * (handover.with === 'client' ? 1 : clients),
        unmet: 'undelivered',
      })
    }
  }
  if (purpose === 'opening') return stages
  if (purpose === 'call') stages.push({name: 'call', steps: both([]), operations: 0, unmet: 'undelivered'})
  else stages.push({name: 'round_trips', steps: both([]), operations: 0, unmet: 'round_trips_lost'})
  if (leave.length > 0) stages.push({name: 'leave', steps: both(leave), operations: 0, unmet: 'expectation_unmet'})
  return stages
}

/** Whether something tells that the two have met, so that it takes a time. */
export function awaitsMatch({match}: Dialect): boolean {
  return (
    match !== undefined &&
    (match.matched !== undefined || match.join.some((step) => 'expect' in step || 'until' in step))
  )
}

interface Ends {
  readonly local: readonly LaneStep[]
  readonly remote?: readonly LaneStep[]
  readonly operations: number
}

/** As if A offered: if B does, the two are exchanged when it comes to that. */
function betweenClients({offer, answer, candidate}: Handover): Record<'offer' | 'answer' | 'candidates', Ends> {
  const trickled: readonly LaneStep[] = candidate
    ? [{media: 'candidate'}, {send: candidate.send}, ...(candidate.expect ? [{expect: candidate.expect}] : [])]
    : []
  return {
    offer: {local: [{media: 'offer'}, ...sending(offer)], remote: receiving(offer), operations: 1},
    answer: {
      local: [...receiving(answer, {media: 'accept'})],
      remote: [{media: 'answer'}, ...sending(answer)],
      operations: 1,
    },
    candidates: {local: trickled, remote: trickled, operations: 2},
  }
}

/** Nothing is awaited of the server's candidates: one whose address is known to all may have none to tell. */
function withServer({offerer, offer, answer, candidate}: Handover): Record<'offer' | 'answer' | 'candidates', Ends> {
  const serverOffers = offerer === 'server'
  return {
    offer: {local: serverOffers ? receiving(offer) : [{media: 'offer'}, ...sending(offer)], operations: 1},
    answer: {
      local: serverOffers ? [{media: 'answer'}, ...sending(answer)] : receiving(answer, {media: 'accept'}),
      operations: 1,
    },
    candidates: {local: candidate ? [{media: 'candidate'}, {send: candidate.send}] : [], operations: 1},
  }
}

function sending({send, sent}: Delivery): LaneStep[] {
  return [...(send ? [{send}] : []), ...sent]
}

function receiving({expect, received}: Delivery, then?: MediaStep): LaneStep[] {
  return [...(expect ? [{expect}] : []), ...(then ? [then] : []), ...received]
}

/** How many signaling operations a whole conversation is: what an error rate is a share of. */
export function operationsOf(dialect: Dialect, roundTrips: number): number {
  return planOf(dialect).reduce((sum, {operations}) => sum + operations, roundTrips)
}
