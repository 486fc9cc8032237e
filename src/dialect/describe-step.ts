import {describeExpectation} from './expectation.ts'
import {describeMessage} from './message.ts'
import type {LaneStep} from './plan.ts'
import type {Send} from './schema-message.ts'
import type {RequestStep, Step} from './schema-step.ts'

/** What a client waits for in a step, as a failure says it. */
export function describeStep(step: LaneStep): string {
  if ('media' in step) return `${step.media} of its own peer`
  if (step.name !== undefined) return `"${step.name}"`
  if ('request' in step) return describeRequest(step)
  if ('expect' in step) return describeExpectation(step.expect)
  if ('until' in step) return describeExpectation(step.until)
  if ('send' in step) return step.ack ? describeAcknowledged(step) : `the sending of ${describeSend(step.send)}`
  if ('ping' in step) return 'a pong'
  if ('pause' in step) return `the end of a pause of ${step.pause} ms`
  if ('meet' in step) return `the other client at "${step.meet}"`
  return `its own values ${Object.keys(step.set).join(', ')}`
}

function describeAcknowledged({send, ack}: Extract<Step, {ack?: unknown}>): string {
  const event = 'event' in send ? ` of "${send.event}"` : ''
  return `an acknowledgement${event}${ack ? describeExpectation(ack).replace(/^a message/, '') : ''}`
}

function describeRequest(step: RequestStep): string {
  return `${answer(step)} of ${step.request.method} ${step.request.path}`
}

function answer({expect}: RequestStep): string {
  const conditions = describeExpectation(expect).replace(/^a message(?: with )?/, '')
  const wanted = expect.where['$.status'] === undefined ? '2xx' : ''
  return [wanted, conditions].filter(Boolean).join(' with ')
}

function describeSend(send: Extract<Step, {send: unknown}>['send']): string {
  if ('event' in send) return `"${send.event}"`
  return 'json' in send ? 'a message in JSON' : 'a text'
}

/** What a client does or waits for in a step, as one line for people. */
export function describeLaneStep(step: LaneStep): string {
  if ('media' in step) return media[step.media]
  return step.name === undefined ? whatIsDone(step) : `${whatIsDone(step)} (${step.name})`
}

function whatIsDone(step: Exclude<LaneStep, {media: unknown}>): string {
  if ('request' in step) return `asks ${step.request.method} ${step.request.path}, expects ${answer(step)}`
  if ('expect' in step) return `expects ${describeExpectation(step.expect)}`
  if ('until' in step) return `sends ${message(step.send)} until ${describeExpectation(step.until)}`
  if ('ping' in step) return 'sends a ping frame, expects its pong'
  if ('pause' in step) return `says nothing for ${step.pause} ms`
  if ('meet' in step) return `waits for the other client at "${step.meet}"`
  if ('set' in step) return `keeps ${Object.keys(step.set).join(', ')}`
  const acknowledged = step.ack ? describeExpectation(step.ack).replace(/^a message/, '') : undefined
  return `sends ${message(step.send)}${acknowledged === undefined ? '' : `, expects an acknowledgement${acknowledged}`}`
}

function message(send: Send): string {
  if ('event' in send) return describeMessage({kind: 'event', event: send.event, value: send.args})
  if ('json' in send) return describeMessage({kind: 'json', value: send.json})
  return describeMessage({kind: 'text', value: 'xml' in send ? send.xml : send.text})
}

const media = {
  offer: 'makes an offer',
  answer: 'makes an answer',
  accept: 'takes the answer',
  candidate: 'finds a candidate',
} as const
