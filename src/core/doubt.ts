import type {Disturbance} from './disturbance.ts'
import type {Event} from './event.ts'
import {blameOf} from './failure.ts'
import {judge} from './judge.ts'
import type {Objective} from './objective.ts'
import type {AttemptResult} from './result.ts'
import {tally} from './tally.ts'
import type {Verdict} from './verdict.ts'

interface Evidence {
  readonly objective: Objective
  readonly events: readonly Event[]
  readonly attempts: readonly AttemptResult[]
  readonly disturbances: readonly Disturbance[]
}

/** Why a verdict cannot be trusted: a prober that was disturbed, or an attempt that was not measured. */
export function doubtIn(verdict: Verdict, {objective, events, attempts, disturbances}: Evidence): string | undefined {
  const lateness = lateCouldExplain(verdict, objective, events)
  const disturbance = disturbances.find(({kind}) => kind !== 'event_loop_lag' || lateness)
  if (disturbance) return disturbance.message
  if (verdict.status === 'fail') return undefined // what was seen to be bad stays bad
  const unmeasured = attempts.find((attempt) => !attempt.ok && blameOf(attempt.failure.code) !== 'target')
  return unmeasured && !unmeasured.ok ? unmeasured.failure.message : undefined
}

/**
 * A late prober makes good values look slow, never slow ones good, and it invents no refusals. So a promise kept in
 * spite of lateness is kept, a dead target is dead, and only what would stand otherwise without the limits on values
 * is in doubt.
 */
function lateCouldExplain({status, target, source}: Verdict, objective: Objective, events: readonly Event[]): boolean {
  const answered = tally(events, {})
  return judge(objective, {target, source, tallies: objective.bounds.map(() => answered)}).status !== status
}
