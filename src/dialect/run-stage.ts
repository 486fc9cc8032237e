import type {Conversation, ConversationFailure, Output, Tools} from './conversation-state.ts'
import {runLane} from './lane.ts'
import {allLost} from './overdue.ts'
import {sidesOf, type Side} from './plan.ts'
import {runTrips, tripsFinished} from './round-trips.ts'
import {stageOf} from './stage.ts'
import {strangerIn} from './stranger.ts'
import {sendCandidates} from './trickle.ts'

export interface StageRun {
  readonly state: Conversation
  readonly outputs: readonly Output[]
  readonly finished: boolean
  readonly failure?: ConversationFailure
}

/** Takes the current stage as far as it goes. Throws UnsetValue. */
export function runStage(state: Conversation, tools: Tools): StageRun {
  const {name} = stageOf(state)
  if (name === 'round_trips') return runRoundTrips(state, tools)
  const ran = runLanes(state, tools)
  if (ran.failure) return {...ran, finished: false}
  const trickled = sendCandidates(ran.state)
  const outputs = [...ran.outputs, ...trickled.outputs]
  const finished = name === 'call' ? state.hungUp : isThrough(trickled.state)
  return {state: trickled.state, outputs, finished}
}

/** Both clients, until neither comes further: one may wait for the other. */
function runLanes(state: Conversation, tools: Tools): Omit<StageRun, 'finished'> {
  const outputs: Output[] = []
  let current = state
  for (;;) {
    const {lanes} = current
    for (const side of sidesOf(state.dialect)) {
      const ran = runLane(current, side, tools.now())
      outputs.push(...ran.outputs)
      current = ran.state
      const failure = ran.failure ?? (stageOf(state).name === 'match' ? strangerIn(current) : undefined)
      if (failure) return {state: current, outputs, failure}
    }
    if (current.lanes.a.index === lanes.a.index && current.lanes.b.index === lanes.b.index) {
      return {state: current, outputs}
    }
  }
}

function runRoundTrips(state: Conversation, tools: Tools): StageRun {
  const ran = runTrips(state, tools)
  const finished = tripsFinished(ran.state)
  const failure = finished ? allLost(ran.state) : undefined
  return {...ran, finished, ...(failure && {failure})}
}

function isThrough(state: Conversation): boolean {
  const {name, steps} = stageOf(state)
  const through = (side: Side) =>
    (name === 'requests' || state.clients[side].opened) && state.lanes[side].index >= steps[side].length
  return sidesOf(state.dialect).every(through)
}
