import {planOf, sidesOf, type LaneStep, type Side, type StageName} from './plan.ts'
import type {Expectation, Send} from './schema-message.ts'
import type {Dialect} from './schema.ts'

export type DialectPath = readonly (string | number)[]

export interface TakenStep {
  readonly stage: StageName
  readonly side: Side
  readonly step: LaneStep
}

/** Every step in the order in which it is taken: stage by stage, and there one client after the other. */
export function stepsOf(dialect: Dialect): TakenStep[] {
  return planOf(dialect).flatMap(({name, steps}) =>
    sidesOf(dialect).flatMap((side) => steps[side].map((step) => ({stage: name, side, step}))),
  )
}

/** What is waited for anywhere. Of an acknowledgement, as of an event, what arrives is a list of arguments. */
export function expectationsOf(dialect: Dialect): {expectation: Awaited; isAck: boolean}[] {
  const {roundTrip, errors, heartbeats} = dialect
  const message = (expectation: Awaited) => ({expectation, isAck: false})
  return [
    ...[...stepsOf(dialect).map(({step}) => step), roundTrip].flatMap((one) => {
      if ('request' in one) return []
      if ('expect' in one) return [message(one.expect)]
      if ('until' in one) return [message(one.until)]
      return 'ack' in one && one.ack ? [{expectation: one.ack, isAck: true}] : []
    }),
    ...errors.map(message),
    ...heartbeats.flatMap((beat) => ('on' in beat ? [message(beat.on)] : [])),
  ]
}
export type Awaited = Omit<Expectation, 'event'> & Partial<Pick<Expectation, 'event'>>

/** Everything that is sent anywhere, each once. */
export function sendsOf(dialect: Dialect): Send[] {
  const {roundTrip, handover, heartbeats} = dialect
  const {send, end} = handover?.candidate ?? {}
  const all = [
    ...stepsOf(dialect).flatMap(({step}) => ('send' in step ? [step.send] : [])),
    ...('send' in roundTrip ? [roundTrip.send] : []),
    ...heartbeats.map((beat) => beat.send),
    ...(send ? [send] : []),
    ...(end ? [end] : []),
  ]
  return [...new Set(all)]
}

/** Where a part of the dialect is written: each part is an object of its own. */
export function pathOf(dialect: Dialect, part: object): DialectPath {
  return find(dialect, part) ?? []
}

function find(document: object, part: object): DialectPath | undefined {
  if (document === part) return []
  for (const [name, value] of Object.entries(document) as [string, unknown][]) {
    const below = typeof value === 'object' && value !== null ? find(value, part) : undefined
    if (below) return [Array.isArray(document) ? Number(name) : name, ...below]
  }
  return undefined
}
