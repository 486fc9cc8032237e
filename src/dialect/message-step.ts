import {meetConditions, type Values} from './conditions.ts'
import {lookupOf, otherOf, type Conversation, type Output} from './conversation-state.ts'
import {describeStep} from './describe-step.ts'
import {describeInstead, meet} from './expectation.ts'
import {nextStep, updateLane, type Progress} from './lane-state.ts'
import type {Side} from './plan.ts'
import type {Expectation} from './schema-message.ts'
import type {Step} from './schema-step.ts'
import {messageOf} from './sending.ts'
import {stageOf} from './stage.ts'
import {fill} from './template.ts'

type Sending = Extract<Step, {send: unknown}>
type Expecting = Extract<Step, {expect: unknown}>

/** Says something: once, with or without an acknowledgement to wait for, or again and again until an answer came. */
export function runSending(state: Conversation, side: Side, {step, now}: {step: Sending; now: number}): Progress {
  if ('until' in step) return runRepeating(state, side, {step, now})
  const lane = state.lanes[side]
  if (step.ack === undefined) {
    const sent = nextStep(lane, now, {sentAt: now})
    return {kind: 'on', state: updateLane(state, side, {lane: sent}), outputs: [said(state, side, step)]}
  }
  if (lane.ack !== undefined) return runAcknowledged(state, side, {step, now})
  const client = state.clients[side]
  const asked = updateLane(state, side, {
    lane: {...lane, ack: client.nextAck, since: now, sentAt: now},
    client: {...client, nextAck: client.nextAck + 1},
  })
  return {kind: 'on', state: asked, outputs: [said(state, side, step, client.nextAck)]}
}

/** Waits for a message, and acknowledges it where that is owed. */
export function runExpecting(state: Conversation, side: Side, {step, now}: {step: Expecting; now: number}): Progress {
  const found = find(state, side, step.expect)
  if (!found) return {kind: 'waiting', state: looked(state, side)}
  const {message} = state.clients[side].inbox[found.index] ?? {}
  const consumed = consume(state, side, {...found, now})
  if (step.acknowledge === undefined || message?.kind !== 'event' || message.ack === undefined) {
    return {kind: 'on', state: consumed}
  }
  const lookup = lookupOf(consumed, side)
  const value = step.acknowledge.map((arg) => fill(arg, lookup))
  return {kind: 'on', state: consumed, outputs: [{kind: 'send', side, message: {kind: 'ack', ack: message.ack, value}}]}
}

function runRepeating(
  state: Conversation,
  side: Side,
  {step, now}: {step: Extract<Sending, {until: unknown}>; now: number},
): Progress {
  const lane = state.lanes[side]
  const found = lane.repeatedAt === undefined ? null : find(state, side, step.until)
  if (found) return {kind: 'on', state: consume(state, side, {...found, now})}
  if (lane.repeatedAt !== undefined && now < lane.repeatedAt + step.every) {
    return {kind: 'waiting', state: looked(state, side)}
  }
  const sentAt = lane.repeatedAt === undefined ? {sentAt: now} : {}
  const repeated = updateLane(state, side, {lane: {...lane, ...sentAt, repeatedAt: now}})
  return {kind: 'waiting', state: repeated, outputs: [said(state, side, step)]}
}

/** There is no second acknowledgement: one that does not fit says no. */
function runAcknowledged(state: Conversation, side: Side, {step, now}: {step: Sending; now: number}): Progress {
  const {ack} = state.lanes[side]
  const {inbox} = state.clients[side]
  const index = inbox.findIndex(({message}) => message.kind === 'ack' && message.ack === ack)
  const message = inbox[index]?.message
  if (message?.kind !== 'ack' || !('ack' in step) || !step.ack) return {kind: 'waiting', state}
  const taken = meetConditions(message.value, step.ack, lookupOf(state, side))
  if (taken) return {kind: 'on', state: consume(state, side, {index, taken, now})}
  return {
    kind: 'failed',
    state,
    failure: {
      code: 'expectation_unmet',
      stage: stageOf(state).name,
      message: `client ${side.toUpperCase()} expected ${describeStep(step)}, got ${describeInstead([message])}`,
    },
  }
}

/** The oldest message that meets an expectation, with what it gives to keep. Those that do not fit stay where they are. */
function find(state: Conversation, side: Side, expected: Expectation): {index: number; taken: Values} | null {
  const lookup = lookupOf(state, side)
  const begin = firstUnlooked(state, side)
  for (const [offset, {message}] of state.clients[side].inbox.slice(begin).entries()) {
    const taken = meet(message, expected, lookup)
    if (taken) return {index: begin + offset, taken}
  }
  return null
}

/** In a flood each message is looked at once, not each time that another one comes. */
function firstUnlooked({lanes, clients}: Conversation, side: Side): number {
  const {looked} = lanes[side]
  const isSame = looked?.own === clients[side].values && looked.others === clients[otherOf(side)].values
  return isSame ? clients[side].inbox.lastIndexOf(looked.upTo) + 1 : 0
}

function looked(state: Conversation, side: Side): Conversation {
  const {inbox, values: own} = state.clients[side]
  const upTo = inbox.at(-1)
  const lane = state.lanes[side]
  if (!upTo || upTo === lane.looked?.upTo) return state
  return updateLane(state, side, {lane: {...lane, looked: {upTo, own, others: state.clients[otherOf(side)].values}}})
}

/** Takes a message out, keeps what it gave, and goes on. */
export function consume(
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

// eslint-disable-next-line max-params -- the number of the acknowledgement is the one thing that not every sending has
function said(state: Conversation, side: Side, {send}: Sending, ack?: number): Output {
  return {kind: 'send', side, message: messageOf(send, lookupOf(state, side), ack)}
}
