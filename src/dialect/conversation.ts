import {
  type Arrival,
  type Client,
  type Conversation,
  type ConversationFailure,
  type Input,
  type Lane,
  type Output,
  type Settings,
  type Stepped,
  type Tools,
} from './conversation-state.ts'
import {freshIds} from './fresh-id.ts'
import {laneDeadline, runLane, stageOf} from './lane.ts'
import {measuresOf} from './measures.ts'
import {described, keepCandidate} from './media-step.ts'
import {allLost} from './overdue.ts'
import {planOf, sidesOf, type Side} from './plan.ts'
import {answerTrip, runTrips, tripOutputs, tripsDeadline, tripsFinished} from './round-trips.ts'
import type {Dialect} from './schema.ts'
import {strangerIn} from './stranger.ts'
import {UnsetValue} from './template.ts'
import {arrivedCandidate, sendCandidates} from './trickle.ts'

/** Unused messages that are kept for each client: what came early, and what to show when something else was expected. */
const INBOX = 100

/** A conversation before anything was said. It starts when its clients are `opened`. */
export function beginConversation(dialect: Dialect, settings: Settings, tools: Tools): Conversation {
  const ids = freshIds(dialect.ids, () => tools.random())
  const now = tools.now()
  const client = (side: Side): Client => ({opened: false, values: ids[side], inbox: [], nextAck: 0, candidates: []})
  return {
    dialect,
    settings,
    stages: planOf(dialect, settings.purpose),
    at: 0,
    stageSince: now,
    clients: {a: client('a'), b: client('b')},
    lanes: freshLanes(now),
    trips: [],
    hungUp: false,
    ended: false,
  }
}

/** Takes what happened and says what to do: the one implementation of every dialect, without I/O. */
export function step(state: Conversation, input: Input, tools: Tools): Stepped {
  if (state.ended) return {state, outputs: []}
  try {
    if (input.kind === 'closed') return closed(state, input, tools)
    const candidate = input.kind === 'received' && arrivedCandidate(state, input.side, input.message)
    if (candidate) return {state, outputs: [candidate]}
    return advance(admit(state, input, tools), tools)
  } catch (error) {
    if (!(error instanceof UnsetValue)) throw error
    const message = `the dialect uses {${error.placeholder}}, which nothing has set`
    return failed(state, {code: 'unsupported', stage: stageOf(state).name, message})
  }
}

/** When the conversation wants a `timer`, if nothing happens before. */
export function wakeAt(state: Conversation): number | undefined {
  if (state.ended) return undefined
  if (stageOf(state).name === 'round_trips') return tripsDeadline(state)
  const times = sidesOf(state.dialect).flatMap((side) => laneDeadline(state, side) ?? [])
  return times.length === 0 ? undefined : Math.min(...times)
}

function admit(state: Conversation, input: Exclude<Input, {kind: 'closed'}>, tools: Tools): Conversation {
  switch (input.kind) {
    case 'timer':
      return state
    case 'hang_up':
      return {...state, hungUp: true}
    case 'described':
      return described(state, input.side, {sdp: input.sdp, now: tools.now()})
    case 'candidate':
      return keepCandidate(state, input.side, input.candidate)
    case 'opened': {
      const client = state.clients[input.side]
      return withClient(state, input.side, {...client, opened: true, values: {...client.values, ...input.values}})
    }
    case 'received':
      return receive(state, input.side, {message: input.message, at: input.at})
  }
}

function receive(state: Conversation, side: Side, arrival: Arrival): Conversation {
  const client = state.clients[side]
  const answered = stageOf(state).name === 'round_trips' ? answerTrip(state, side, arrival) : null
  return answered ?? withClient(state, side, {...client, inbox: [...client.inbox, arrival].slice(-INBOX)})
}

/** Runs stage after stage, as far as it goes. */
function advance(state: Conversation, tools: Tools): Stepped {
  const outputs: Output[] = []
  let current = state
  for (;;) {
    const ran = runStage(current, tools)
    outputs.push(...ran.outputs)
    current = ran.state
    if (ran.failure) return failed(current, ran.failure, outputs)
    if (!ran.finished) return {state: current, outputs}
    outputs.push(...measuresOf(current))
    const offeredAt = stageOf(current).name === 'offer' ? current.lanes.a.sentAt : current.offeredAt
    const now = tools.now()
    current = {
      ...current,
      at: current.at + 1,
      stageSince: now,
      lanes: freshLanes(now),
      ...(offeredAt !== undefined && {offeredAt}),
    }
    const next = current.stages[current.at]
    if (!next) return {state: {...current, ended: true}, outputs: [...outputs, {kind: 'done'}]}
    outputs.push({kind: 'stage', stage: next.name})
  }
}

interface StageRun {
  readonly state: Conversation
  readonly outputs: readonly Output[]
  readonly finished: boolean
  readonly failure?: ConversationFailure
}

function runStage(state: Conversation, tools: Tools): StageRun {
  const stage = stageOf(state)
  if (stage.name === 'round_trips') {
    const ran = runTrips(state, tools)
    const finished = tripsFinished(ran.state)
    const failure = finished ? allLost(ran.state) : undefined
    return {...ran, finished, ...(failure && {failure})}
  }
  const outputs: Output[] = []
  let current = state
  for (const side of sidesOf(state.dialect)) {
    const ran = runLane(current, side, tools.now())
    outputs.push(...ran.outputs)
    current = ran.state
    const failure = ran.failure ?? (stage.name === 'match' ? strangerIn(current) : undefined)
    if (failure) return {state: current, outputs, finished: false, failure}
  }
  const trickled = sendCandidates(current)
  outputs.push(...trickled.outputs)
  current = trickled.state
  if (stage.name === 'call') return {state: current, outputs, finished: current.hungUp}
  const through = (side: Side) => current.clients[side].opened && current.lanes[side].index >= stage.steps[side].length
  return {state: current, outputs, finished: sidesOf(state.dialect).every(through)}
}

function closed(state: Conversation, input: Extract<Input, {kind: 'closed'}>, tools: Tools): Stepped {
  const stage = stageOf(state)
  if (stage.name === 'leave') {
    const lane = {...state.lanes[input.side], index: stage.steps[input.side].length} // it left for us
    return advance({...state, lanes: {...state.lanes, [input.side]: lane}}, tools)
  }
  const message = `the connection of client ${input.side.toUpperCase()} ended: ${input.message}`
  return failed(state, {code: input.code, stage: stage.name, message})
}

function failed(state: Conversation, failure: ConversationFailure, outputs: readonly Output[] = []): Stepped {
  const measured = stageOf(state).name === 'round_trips' ? tripOutputs(state) : []
  return {state: {...state, ended: true}, outputs: [...outputs, ...measured, {kind: 'failed', failure}]}
}

function freshLanes(now: number): Record<Side, Lane> {
  return {a: {index: 0, since: now}, b: {index: 0, since: now}}
}

function withClient(state: Conversation, side: Side, client: Client): Conversation {
  return {...state, clients: {...state.clients, [side]: client}}
}
