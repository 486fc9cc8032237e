import {compilePattern} from './pattern.ts'
import type {LaneStep, MediaStep} from './plan.ts'
import type {Conditions, ItemConditions} from './schema-message.ts'

/** What a client's peer tells of itself. */
const told: Readonly<Record<MediaStep['media'], readonly string[]>> = {
  offer: ['sdp'],
  answer: ['sdp'],
  accept: [],
  candidate: ['candidate', 'mid', 'mline'],
}

/** The names of the values that a client has after a step. */
export function takenBy(step: LaneStep): readonly string[] {
  if ('media' in step) return told[step.media]
  if ('expect' in step) return keptBy(step.expect)
  if ('until' in step) return keptBy(step.until)
  if ('set' in step) return Object.keys(step.set)
  return 'ack' in step && step.ack ? keptBy(step.ack) : []
}

/** The names under which a message that meets the conditions leaves values. */
export function keptBy({among, ...own}: Conditions): string[] {
  return [own, ...(among ? [among] : [])].flatMap(({take, matches}: ItemConditions) => [
    ...Object.keys(take),
    ...Object.values(matches).flatMap((pattern) => compilePattern(pattern).names),
  ])
}
