import type {FailureCode} from '../core/failure.ts'
import type {Delivery} from './schema-conversation.ts'
import type {Step} from './schema-message.ts'
import type {Dialect} from './schema.ts'

/** Our two synthetic clients. A offers; a dialect that needs one client only has A. */
export type Side = 'a' | 'b'

export type StageName = 'open' | 'match' | 'offer' | 'answer' | 'candidates' | 'round_trips' | 'leave'

/** A part of the conversation: both clients do their steps side by side, and it ends when both are through. */
export interface Stage {
  readonly name: StageName
  readonly steps: Readonly<Record<Side, readonly Step[]>>
  /** How many signaling operations it is, for the error rate. Round trips count one each. */
  readonly operations: number
  /** What it means when an expectation of it is not met. */
  readonly unmet: FailureCode
}

/** How many clients a dialect needs. */
export function clientsOf({match, handover, roundTrip}: Pick<Dialect, 'match' | 'handover' | 'roundTrip'>): 1 | 2 {
  return (match ?? handover ?? roundTrip.kind === 'relay') ? 2 : 1
}

/** The clients themselves. */
export function sidesOf(dialect: Parameters<typeof clientsOf>[0]): readonly Side[] {
  return clientsOf(dialect) === 1 ? ['a'] : ['a', 'b']
}

/** The stages that a dialect has, in order. Connecting is part of `open`. */
export function planOf(dialect: Dialect): Stage[] {
  const {open, match, handover, leave} = dialect
  const clients = clientsOf(dialect)
  const both = (steps: readonly Step[]) => ({
    a: steps.filter(({only}) => only !== 'b'),
    b: clients === 1 ? [] : steps.filter(({only}) => only !== 'a'),
  })
  const stages: Stage[] = [{name: 'open', steps: both(open), operations: clients, unmet: 'expectation_unmet'}]
  if (match) {
    const steps = both([...match.join, {expect: match.matched}])
    stages.push({name: 'match', steps, operations: 2, unmet: 'unmatched'})
  }
  if (handover) {
    const {offer, answer, candidate} = handover
    stages.push({name: 'offer', steps: delivered(offer, 'a'), operations: 1, unmet: 'undelivered'})
    stages.push({name: 'answer', steps: delivered(answer, 'b'), operations: 1, unmet: 'undelivered'})
    if (candidate) {
      const steps = both([{send: candidate.send}, {expect: candidate.expect}])
      stages.push({name: 'candidates', steps, operations: 2, unmet: 'undelivered'})
    }
  }
  stages.push({name: 'round_trips', steps: both([]), operations: 0, unmet: 'round_trips_lost'})
  if (leave.length > 0) stages.push({name: 'leave', steps: both(leave), operations: 0, unmet: 'expectation_unmet'})
  return stages
}

/** How many signaling operations a whole conversation is: what an error rate is a share of. */
export function operationsOf(dialect: Dialect, roundTrips: number): number {
  return planOf(dialect).reduce((sum, {operations}) => sum + operations, roundTrips)
}

function delivered({send, expect}: Delivery, from: Side): Stage['steps'] {
  return from === 'a' ? {a: [{send}], b: [{expect}]} : {a: [{expect}], b: [{send}]}
}
