import type {
  Arrival,
  Client,
  Conversation,
  ConversationFailure,
  Input,
  Lane,
  Output,
  Settings,
  Stepped,
  Tools,
} from './conversation-state.ts'
import {freshIds} from './fresh-id.ts'
import {heartbeatDeadline, runHeartbeats} from './heartbeat.ts'
import {laneDeadline} from './lane.ts'
import {updateLane} from './lane-state.ts'
import {measuresOf} from './measures.ts'
import {described, keepCandidate} from './media-step.ts'
import {settleOfferer} from './offerer.ts'
import {planOf, sidesOf, type Side} from './plan.ts'
import {complain, receive, remember, type Reception} from './receive.ts'
import {tripOutputs, tripsDeadline} from './round-trips.ts'
import {runStage} from './run-stage.ts'
import type {Dialect} from './schema.ts'
import {stageOf} from './stage.ts'
import {UnsetValue} from './template.ts'

/** A conversation before anything was said. Requests begin with the first input; the rest when its clients are `opened`. */
export function beginConversation(dialect: Dialect, settings: Settings, tools: Tools): Conversation {
  const ids = freshIds(dialect.ids, () => tools.random())
  const now = tools.now()
  return {
    dialect,
    settings,
    stages: planOf(dialect, settings.purpose),
    at: 0,
    stageSince: now,
    clients: {a: freshClient(ids.a), b: freshClient(ids.b)},
    lanes: freshLanes(now),
    trips: noTrips,
    offerer: 'a',
    hungUp: false,
    ended: false,
  }
}

/** Takes what happened and says what to do: the one implementation of every dialect, without I/O. */
export function step(state: Conversation, input: Input, tools: Tools): Stepped {
  if (state.ended) return {state, outputs: []}
  try {
    const stepped = input.kind === 'closed' ? closed(state, input, tools) : take(state, input, tools)
    return {state: remember(stepped.state, stepped.outputs), outputs: stepped.outputs}
  } catch (error) {
    if (!(error instanceof UnsetValue)) throw error
    const message = `the dialect uses {${error.placeholder}}, which nothing has set`
    return failed(state, {code: 'unsupported', stage: stageOf(state).name, message})
  }
}

/** When the conversation wants a `timer`, if nothing happens before. */
export function wakeAt(state: Conversation): number | undefined {
  if (state.ended) return undefined
  const waiting =
    stageOf(state).name === 'round_trips'
      ? [tripsDeadline(state)]
      : sidesOf(state.dialect).map((side) => laneDeadline(state, side))
  const times = [...waiting, heartbeatDeadline(state)].filter((at) => at !== undefined)
  return times.length === 0 ? undefined : Math.min(...times)
}

function take(state: Conversation, input: Exclude<Input, {kind: 'closed'}>, tools: Tools): Stepped {
  const arrival = arrivalOf(input)
  const admitted: Reception = arrival
    ? receive(state, arrival.side, {arrival, now: tools.now()})
    : {state: admit(state, input, tools), outputs: []}
  if (admitted.failure) return failed(admitted.state, admitted.failure, admitted.outputs)
  const beaten = runHeartbeats(admitted.state, tools.now())
  const outputs = [...admitted.outputs, ...beaten.outputs]
  const advanced = advance(beaten.state, tools, outputs)
  if (!arrival || advanced.state.ended) return advanced
  const complained = complain(advanced.state, arrival.side, arrival)
  if (complained.failure) return failed(complained.state, complained.failure, advanced.outputs)
  return {state: complained.state, outputs: advanced.outputs}
}

function arrivalOf(input: Input): (Arrival & {readonly side: Side}) | undefined {
  if (input.kind === 'received') return {side: input.side, message: input.message, at: input.at}
  if (input.kind !== 'answered') return undefined
  return {side: input.side, message: {kind: 'http', value: input.answer}, at: input.at}
}

function admit(state: Conversation, input: Input, tools: Tools): Conversation {
  switch (input.kind) {
    case 'hang_up':
      return {...state, hungUp: true}
    case 'described':
      return described(state, input.side, {sdp: input.sdp, now: tools.now()})
    case 'candidate':
      return keepCandidate(state, input.side, input.candidate)
    case 'opened': {
      const client = state.clients[input.side]
      const opened = {...client, opened: true, values: {...client.values, ...input.values}}
      // Its first step begins now: how long the connection took is no part of it.
      return updateLane(state, input.side, {client: opened, lane: {...state.lanes[input.side], since: tools.now()}})
    }
    case 'timer':
    case 'received':
    case 'answered':
    case 'closed':
      return state
  }
}

/** Runs stage after stage, as far as it goes. */
function advance(state: Conversation, tools: Tools, before: readonly Output[]): Stepped {
  const outputs = [...before]
  let current = state
  for (;;) {
    const ran = runStage(current, tools)
    outputs.push(...ran.outputs)
    current = ran.state
    if (ran.failure) return failed(current, ran.failure, outputs)
    if (!ran.finished) return {state: current, outputs}
    outputs.push(...measuresOf(current))
    const next = nextStage(current, tools.now())
    if (!next) return {state: {...current, ended: true}, outputs: [...outputs, {kind: 'done'}]}
    if ('code' in next) return failed(current, next, outputs)
    current = next
    outputs.push({kind: 'stage', stage: stageOf(current).name})
  }
}

function nextStage(state: Conversation, now: number): Conversation | ConversationFailure | undefined {
  const next = state.stages[state.at + 1]
  if (!next) return undefined
  const offeredAt = stageOf(state).name === 'offer' ? state.lanes[state.offerer].sentAt : state.offeredAt
  const moved: Conversation = {
    ...state,
    at: state.at + 1,
    stageSince: now,
    lanes: freshLanes(now),
    ...(offeredAt !== undefined && {offeredAt}),
  }
  return next.name === 'offer' ? settleOfferer(moved) : moved
}

function closed(state: Conversation, input: Extract<Input, {kind: 'closed'}>, tools: Tools): Stepped {
  const stage = stageOf(state)
  if (stage.name === 'leave') {
    const lane = {...state.lanes[input.side], index: stage.steps[input.side].length} // it left for us
    return advance({...state, lanes: {...state.lanes, [input.side]: lane}}, tools, [])
  }
  const message = `the connection of client ${input.side.toUpperCase()} ended: ${input.message}`
  return failed(state, {code: input.code, stage: stage.name, message})
}

function failed(state: Conversation, failure: ConversationFailure, outputs: readonly Output[] = []): Stepped {
  const measured = stageOf(state).name === 'round_trips' ? tripOutputs(state) : []
  return {state: {...state, ended: true}, outputs: [...outputs, ...measured, {kind: 'failed', failure}]}
}

/** States never change, so all conversations begin with the same nothing: a drill has tens of thousands of them. */
const nothing: Omit<Client, 'values'> = {
  opened: false,
  inbox: [],
  nextAck: 0,
  candidates: [],
  beats: {},
  answered: {since: 0, count: 0},
  said: [],
}
const noTrips: Conversation['trips'] = []

function freshClient(values: Client['values']): Client {
  return {...nothing, values}
}

function freshLanes(now: number): Record<Side, Lane> {
  const lane = {index: 0, since: now}
  return {a: lane, b: lane}
}
