import type {FailureCode} from '../core/failure.ts'
import type {Step} from './schema-message.ts'
import type {Dialect} from './schema.ts'

/** Our two synthetic clients. A offers; a dialect that needs one client only has A. */
export type Side = 'a' | 'b'

export type StageName = 'open' | 'match' | 'offer' | 'answer' | 'candidates' | 'call' | 'round_trips' | 'leave'

/** What a client's peer is asked for: to describe itself, to take the other's answer, to name a way to reach it. */
export interface MediaStep {
  readonly media: 'offer' | 'answer' | 'accept' | 'candidate'
}

export type LaneStep = Step | MediaStep

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
  return (match ?? handover ?? roundTrip.kind === 'relay') ? 2 : 1
}

/** The clients themselves. */
export function sidesOf(dialect: Parameters<typeof clientsOf>[0]): readonly Side[] {
  return clientsOf(dialect) === 1 ? ['a'] : ['a', 'b']
}

/** What a conversation is led for: its round trips, or a call that its two clients then make. */
export type Purpose = 'round_trips' | 'call'

/** The stages that a dialect has, in order. Connecting is part of `open`. */
export function planOf(dialect: Dialect, purpose: Purpose = 'round_trips'): Stage[] {
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
  if (handover) stages.push(...handoverStages(handover, purpose))
  if (purpose === 'call') stages.push({name: 'call', steps: both([]), operations: 0, unmet: 'undelivered'})
  else stages.push({name: 'round_trips', steps: both([]), operations: 0, unmet: 'round_trips_lost'})
  if (leave.length > 0) stages.push({name: 'leave', steps: both(leave), operations: 0, unmet: 'expectation_unmet'})
  return stages
}

/** The candidates of a call have no stage: they come when a peer finds them, until it ends. */
function handoverStages({offer, answer, candidate}: NonNullable<Dialect['handover']>, purpose: Purpose): Stage[] {
  const stages: Stage[] = [
    {
      name: 'offer',
      steps: {a: [{media: 'offer'}, {send: offer.send}], b: [{expect: offer.expect}]},
      operations: 1,
      unmet: 'undelivered',
    },
    {
      name: 'answer',
      steps: {
        a: [{expect: answer.expect}, {media: 'accept'}],
        b: [{media: 'answer'}, {send: answer.send}],
      },
      operations: 1,
      unmet: 'undelivered',
    },
  ]
  if (!candidate || purpose === 'call') return stages
  const steps: readonly LaneStep[] = [{media: 'candidate'}, {send: candidate.send}, {expect: candidate.expect}]
  return [...stages, {name: 'candidates', steps: {a: steps, b: steps}, operations: 2, unmet: 'undelivered'}]
}

/** How many signaling operations a whole conversation is: what an error rate is a share of. */
export function operationsOf(dialect: Dialect, roundTrips: number): number {
  return planOf(dialect).reduce((sum, {operations}) => sum + operations, roundTrips)
}
