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
import {allLost} from './overdue.ts'
import {planOf, sidesOf, type Side} from './plan.ts'
import {answerTrip, runTrips, tripOutputs, tripsDeadline, tripsFinished} from './round-trips.ts'
import type {Dialect} from './schema.ts'
import {strangerIn} from './stranger.ts'
import {UnsetValue} from './template.ts'

/** Unused messages that are kept for each client: what came early, and what to show when something else was expected. */
const INBOX = 100

/** A conversation before anything was said. It starts when its clients are `opened`. */
export function beginConversation(dialect: Dialect, settings: Settings, tools: Tools): Conversation {
  const ids = freshIds(dialect.ids, () => tools.random())
  const now = tools.now()
  const client = (side: Side): Client => ({opened: false, values: ids[side], inbox: [], nextAck: 0})
  return {
    dialect,
    settings,
    stages: planOf(dialect),
    at: 0,
    stageSince: now,
    clients: {a: client('a'), b: client('b')},
    lanes: freshLanes(now),
    trips: [],
    ended: false,
  }
}

/** Takes what happened and says what to do: the one implementation of every dialect, without I/O. */
export function step(state: Conversation, input: Input, tools: Tools): Stepped {
  if (state.ended) return {state, outputs: []}
  try {
    if (input.kind === 'closed') return closed(state, input, tools)
    return advance(admit(state, input), tools)
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

function admit(state: Conversation, input: Exclude<Input, {kind: 'closed'}>): Conversation {
  if (input.kind === 'timer') return state
  const client = state.clients[input.side]
  if (input.kind === 'opened') {
    return withClient(state, input.side, {...client, opened: true, values: {...client.values, ...input.values}})
  }
  const arrival: Arrival = {message: input.message, at: input.at}
  const answered = stageOf(state).name === 'round_trips' ? answerTrip(state, input.side, arrival) : null
  return answered ?? withClient(state, input.side, {...client, inbox: [...client.inbox, arrival].slice(-INBOX)})
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
