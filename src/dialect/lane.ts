import {formatMs} from '../core/duration.ts'
import {runBarrier} from './barrier-step.ts'
import {binaryHint} from './binary-hint.ts'
import type {Conversation, ConversationFailure, Output} from './conversation-state.ts'
import {describeStep} from './describe-step.ts'
import {describeInstead} from './expectation.ts'
import {updateLane, type Progress} from './lane-state.ts'
import {runMediaStep} from './media-step.ts'
import {runExpecting, runSending} from './message-step.ts'
import type {LaneStep, Side, Stage} from './plan.ts'
import {runRequest} from './request-step.ts'
import {stageOf} from './stage.ts'

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
    if (!isThere(current, side)) return {state: updateLane(current, side, {lane: {...lane, since: now}}), outputs}
    const ran = runStep(current, side, {step, now})
    outputs.push(...(ran.outputs ?? []))
    current = ran.state
    if (ran.failure) return {state: current, outputs, failure: ran.failure}
    if (ran.kind === 'waiting') return {state: current, outputs, ...lateness(current, side, now)}
  }
}

/** When a client's current step wants to be looked at again: at its limit, or when it is to say something. */
export function laneDeadline(state: Conversation, side: Side): number | undefined {
  const limit = limitOf(state, side)
  const {since, index, repeatedAt} = state.lanes[side]
  const step = stageOf(state).steps[side][index]
  if (limit === undefined || !step) return limit
  if ('pause' in step) return since + step.pause
  return 'until' in step && repeatedAt !== undefined ? Math.min(limit, repeatedAt + step.every) : limit
}

function runStep(state: Conversation, side: Side, {step, now}: {step: LaneStep; now: number}): Progress {
  if ('media' in step) return runMediaStep(state, side, {step, now})
  if ('request' in step) return runRequest(state, side, {step, now})
  if ('send' in step) return runSending(state, side, {step, now})
  if ('expect' in step) return runExpecting(state, side, {step, now})
  return runBarrier(state, side, {step, now})
}

/** Requests go out before there is a connection. */
function isThere(state: Conversation, side: Side): boolean {
  return stageOf(state).name === 'requests' || state.clients[side].opened
}

function limitOf(state: Conversation, side: Side): number | undefined {
  const stage = stageOf(state)
  const {index, since} = state.lanes[side]
  if (index >= stage.steps[side].length || !isThere(state, side)) return undefined
  return since + timeOf(state, stage)
}

function timeOf({settings}: Conversation, {name}: Stage): number {
  return name === 'match' ? settings.matchTimeoutMs : settings.stepTimeoutMs
}

function lateness(state: Conversation, side: Side, now: number): {failure?: ConversationFailure} {
  const {index} = state.lanes[side]
  const step = stageOf(state).steps[side][index]
  const limit = limitOf(state, side)
  if (limit === undefined || now < limit || (step && 'pause' in step)) return {}
  const failure = unmet(state, side, now)
  return failure ? {failure} : {}
}

/** What a client waits for, as a failure: at its limit, or when the attempt's own deadline comes first. */
export function unmet(state: Conversation, side: Side, now: number): ConversationFailure | undefined {
  const stage = stageOf(state)
  const lane = state.lanes[side]
  const step = stage.steps[side][lane.index]
  if (!step || !isThere(state, side)) return undefined
  const within = formatMs(now - lane.since)
  if ('media' in step) {
    const message = `the peer of client ${side.toUpperCase()}, which is ours, had no ${step.media} within ${within}`
    return {code: 'out_of_time', stage: stage.name, message}
  }
  const {inbox} = state.clients[side]
  const message = `client ${side.toUpperCase()} expected ${describeStep(step)} within ${within}, got ${describeInstead(inbox.map((one) => one.message))}`
  const queued = state.clients.a.queued ?? state.clients.b.queued
  if (queued !== undefined && stage.unmet === 'undelivered') {
    return {code: 'peer_queued', stage: stage.name, message: `${queued}; ${message}`}
  }
  return {code: stage.unmet, stage: stage.name, message, ...binaryHint(inbox)}
}
