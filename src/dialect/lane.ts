import {formatMs} from '../core/duration.ts'
import {lookupOf, type Conversation, type ConversationFailure, type Lane, type Output} from './conversation-state.ts'
import {describeExpectation, describeInstead, meet, meetValue, type Values} from './expectation.ts'
import {nextStep, updateLane} from './lane-state.ts'
import {runMediaStep} from './media-step.ts'
import type {LaneStep, Side, Stage} from './plan.ts'
import type {Step} from './schema-message.ts'
import {messageOf} from './sending.ts'

export interface LaneRun {
  readonly state: Conversation
  readonly outputs: readonly Output[]
  readonly failure?: ConversationFailure
}

/** Takes one client as far through its steps of the stage as what it received allows. Throws UnsetValue. */
export function runLane(state: Conversation, side: Side, now: number): LaneRun {
  const stage = stageOf(state)
  const outputs: Output[] = []
  let current = state
  for (;;) {
    const lane = current.lanes[side]
    const step = stage.steps[side][lane.index]
    if (!step) return {state: current, outputs}
    if (!current.clients[side].opened) {
      return {state: updateLane(current, side, {lane: {...lane, since: now}}), outputs}
    }
    if ('media' in step) {
      const ran = runMediaStep(current, side, {step, now})
      current = ran.state
      outputs.push(...ran.outputs)
      if (!ran.waiting) continue
      return {state: current, outputs, ...lateness(current, side, now)}
    }
    if ('send' in step && lane.ack === undefined) {
      const sent = send(current, side, {step, now})
      current = sent.state
      outputs.push(sent.output)
      continue
    }
    const found = find(current, side, step)
    if (found === 'refused') return {state: current, outputs, failure: refused(current, side, step)}
    if (!found) return {state: current, outputs, ...lateness(current, side, now)}
    current = consume(current, side, {...found, now})
  }
}

/** When a client's current step is out of time, if it has one. */
export function laneDeadline(state: Conversation, side: Side): number | undefined {
  const stage = stageOf(state)
  const lane = state.lanes[side]
  if (lane.index >= stage.steps[side].length || !state.clients[side].opened) return undefined
  return lane.since + limitOf(state, stage)
}

export function stageOf(state: Conversation): Stage {
  const stage = state.stages[state.at]
  if (!stage) throw new Error('the conversation is over')
  return stage
}

function limitOf({settings}: Conversation, {name}: Stage): number {
  return name === 'match' ? settings.matchTimeoutMs : settings.stepTimeoutMs
}

function lateness(state: Conversation, side: Side, now: number): {failure?: ConversationFailure} {
  const deadline = laneDeadline(state, side)
  const failure = deadline !== undefined && now >= deadline ? unmet(state, side, now) : undefined
  return failure ? {failure} : {}
}

function send(
  state: Conversation,
  side: Side,
  {step, now}: {step: Extract<Step, {send: unknown}>; now: number},
): {state: Conversation; output: Output} {
  const client = state.clients[side]
  const lane = state.lanes[side]
  const message = messageOf(step.send, lookupOf(state, side), step.ack && client.nextAck)
  const moved: Lane = step.ack
    ? {...lane, ack: client.nextAck, since: now, sentAt: now}
    : nextStep(lane, now, {sentAt: now})
  const counted = step.ack ? {...client, nextAck: client.nextAck + 1} : client
  return {state: updateLane(state, side, {lane: moved, client: counted}), output: {kind: 'send', side, message}}
}

/** The oldest message that meets the step, with what it gives to keep. Those that do not fit stay where they are. */
function find(state: Conversation, side: Side, step: Step): {index: number; taken: Values} | 'refused' | null {
  const lookup = lookupOf(state, side)
  const {ack} = state.lanes[side]
  for (const [index, {message}] of state.clients[side].inbox.entries()) {
    if ('expect' in step) {
      const taken = meet(message, step.expect, lookup)
      if (taken) return {index, taken}
    } else if (message.kind === 'ack' && message.ack === ack && step.ack) {
      const taken = meetValue(message.value, step.ack, lookup)
      return taken ? {index, taken} : 'refused'
    }
  }
  return null
}

function consume(
  state: Conversation,
  side: Side,
  {index, taken, now}: {index: number; taken: Values; now: number},
): Conversation {
  const client = state.clients[side]
  const receivedAt = client.inbox[index]?.at ?? now
  return updateLane(state, side, {
    lane: nextStep(state.lanes[side], now, {receivedAt}),
    client: {...client, values: {...client.values, ...taken}, inbox: client.inbox.toSpliced(index, 1)},
  })
}

/** What a client waits for, as a failure: at its limit, or when the attempt's own deadline comes first. */
export function unmet(state: Conversation, side: Side, now: number): ConversationFailure | undefined {
  const stage = stageOf(state)
  const lane = state.lanes[side]
  const step = stage.steps[side][lane.index]
  if (!step || !state.clients[side].opened) return undefined
  const within = formatMs(now - lane.since)
  if ('media' in step) {
    const message = `the peer of client ${side.toUpperCase()}, which is ours, had no ${step.media} within ${within}`
    return {code: 'out_of_time', stage: stage.name, message}
  }
  const came = state.clients[side].inbox.map(({message}) => message)
  const message = `client ${side.toUpperCase()} expected ${describeStep(step)} within ${within}, got ${describeInstead(came)}`
  return {code: stage.unmet, stage: stage.name, message}
}

function refused(state: Conversation, side: Side, step: Step): ConversationFailure {
  const {ack} = state.lanes[side]
  const came = state.clients[side].inbox.filter(({message}) => message.kind === 'ack' && message.ack === ack)
  const message = `client ${side.toUpperCase()} expected ${describeStep(step)}, got ${describeInstead(came.map((one) => one.message))}`
  return {code: 'expectation_unmet', stage: stageOf(state).name, message}
}

function describeStep(step: Exclude<LaneStep, {media: unknown}>): string {
  if (step.name !== undefined) return `"${step.name}"`
  if ('expect' in step) return describeExpectation(step.expect)
  const event = 'event' in step.send ? ` of "${step.send.event}"` : ''
  return `an acknowledgement${event}${step.ack ? describeExpectation(step.ack).replace(/^a message/, '') : ''}`
}
