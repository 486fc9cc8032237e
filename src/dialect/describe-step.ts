import {describeExpectation} from './expectation.ts'
import {describeMessage} from './message.ts'
import type {LaneStep} from './plan.ts'

/** What a client does or waits for, as one line for people. */
export function describeLaneStep(step: LaneStep): string {
  if ('media' in step) return media[step.media]
  if ('expect' in step) return named(step.name, `expects ${describeExpectation(step.expect)}`)
  const {send, ack} = step
  const message =
    'event' in send
      ? describeMessage({kind: 'event', event: send.event, value: send.args})
      : describeMessage('json' in send ? {kind: 'json', value: send.json} : {kind: 'text', value: send.text})
  const awaited = ack ? `, expects an acknowledgement${describeExpectation(ack).replace(/^a message/, '')}` : ''
  return named(step.name, `sends ${message}${awaited}`)
}

const media = {
  offer: 'makes an offer',
  answer: 'makes an answer',
  accept: 'takes the answer',
  candidate: 'finds a candidate',
} as const

function named(name: string | undefined, what: string): string {
  return name === undefined ? what : `${what} (${name})`
}
