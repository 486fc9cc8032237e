import {lookupOf, otherOf, type Conversation} from './conversation-state.ts'
import {nextStep, updateLane, type Progress} from './lane-state.ts'
import type {Side} from './plan.ts'
import type {Step} from './schema-step.ts'
import {withValues} from './sending.ts'
import {consume} from './message-step.ts'
import {stageOf} from './stage.ts'

type Barrier = Exclude<Step, {send: unknown} | {expect: unknown}>

/** What a client does between messages: waits for a pong, for the time, for the other client; keeps values of its own. */
export function runBarrier(state: Conversation, side: Side, {step, now}: {step: Barrier; now: number}): Progress {
  const lane = state.lanes[side]
  const passed = (): Progress => ({kind: 'on', state: updateLane(state, side, {lane: nextStep(lane, now)})})
  if ('pause' in step) return now >= lane.since + step.pause ? passed() : {kind: 'waiting', state}
  if ('meet' in step) return hasCome(state, otherOf(side), step.meet) ? passed() : {kind: 'waiting', state}
  if ('ping' in step) return runPing(state, side, now)
  const client = state.clients[side]
  const lookup = withValues(step.set, lookupOf(state, side))
  const set = Object.fromEntries(Object.keys(step.set).map((name) => [name, lookup(name) ?? null]))
  return {
    kind: 'on',
    state: updateLane(state, side, {
      lane: nextStep(lane, now),
      client: {...client, values: {...client.values, ...set}},
    }),
  }
}

/** A server reads in order: with the pong, what was sent before the ping has been read. */
function runPing(state: Conversation, side: Side, now: number): Progress {
  const lane = state.lanes[side]
  if (lane.ping === undefined) {
    const ping = `${stageOf(state).name}-${lane.index}`
    const asked = updateLane(state, side, {lane: {...lane, ping}})
    return {kind: 'on', state: asked, outputs: [{kind: 'send', side, message: {kind: 'ping', value: ping}}]}
  }
  const {inbox} = state.clients[side]
  const index = inbox.findIndex(({message}) => message.kind === 'pong' && message.value === lane.ping)
  return index < 0 ? {kind: 'waiting', state} : {kind: 'on', state: consume(state, side, {index, taken: {}, now})}
}

function hasCome(state: Conversation, side: Side, name: string): boolean {
  const at = stageOf(state).steps[side].findIndex((step) => 'meet' in step && step.meet === name)
  return at >= 0 && state.lanes[side].index >= at
}
