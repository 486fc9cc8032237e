import {beginning} from './beginning.ts'
import type {Arrival, Conversation} from './conversation-state.ts'
import {describeLaneStep} from './describe-step.ts'
import {arrivedDuring} from './inbox.ts'
import {sidesOf, type Side, type StageName} from './plan.ts'

/** One step of a conversation, and what became of it. */
export interface WalkedStep {
  readonly stage: StageName
  readonly client: Side
  readonly what: string
  readonly state: 'done' | 'waiting' | 'not reached'
  /** When it was done, on the driver's clock. */
  readonly at?: number
  /** Of an expectation that was not met: the latest messages that came and were no part of any step. */
  readonly came?: readonly string[]
}

/** When each client was through with each step, by stage: what a driver has seen of a conversation so far. */
export type Progress = ReadonlyMap<string, number>

/** The steps that are through now and were not before. */
export function progressed(progress: Progress, state: Conversation, now: number): Progress {
  const news = state.stages.flatMap((_, stage) =>
    sidesOf(state.dialect).flatMap((side) =>
      Array.from({length: doneIn(state, stage, side)}, (__, index) => keyOf(stage, side, index)),
    ),
  )
  return new Map([...news.map((key) => [key, now] as const), ...progress])
}

/** Every step of the conversation in its order. */
export function walkOf(state: Conversation, progress: Progress): WalkedStep[] {
  return state.stages.flatMap(({name, steps}, stage) => {
    if (name === 'round_trips') return [roundTrips(state, stage)]
    return sidesOf(state.dialect).flatMap((side) =>
      steps[side].map((step, index): WalkedStep => {
        const at = progress.get(keyOf(stage, side, index))
        const known = {stage: name, client: side, what: describeLaneStep(step)}
        if (at !== undefined) return {...known, state: 'done', at}
        if (stage !== state.at || index !== state.lanes[side].index) return {...known, state: 'not reached'}
        return {...known, state: 'waiting', came: unused(state, side)}
      }),
    )
  })
}

/** More of it than a failure's message shows: here is room. */
function unused({clients}: Conversation, side: Side): string[] {
  return clients[side].inbox.slice(-SHOWN).map(inWords)
}
const SHOWN = 5

function inWords({message}: Arrival): string {
  const text = message.kind === 'text' ? message.value : JSON.stringify(message.value)
  return beginning(message.kind === 'event' ? `"${message.event}" ${text}` : text, LONGEST)
}
const LONGEST = 10_000

/** They have no steps: what came of them is a count, and what came to either client instead. */
function roundTrips(state: Conversation, stage: number): WalkedStep {
  const {trips, settings, dialect, at} = state
  const returned = trips.filter(({valueMs}) => valueMs !== undefined).length
  const what = `${returned} of ${settings.count} came back (${dialect.roundTrip.kind})`
  const known = {stage: 'round_trips', client: 'a', what} as const
  if (stage > at) return {...known, state: 'not reached'}
  if (returned === settings.count) return {...known, state: 'done'}
  const came =
    stage < at ? [] : sidesOf(dialect).flatMap((side) => arrivedDuring(state, side).slice(-SHOWN).map(inWords))
  return {...known, state: 'waiting', came}
}

function doneIn(state: Conversation, stage: number, side: Side): number {
  if (stage > state.at) return 0
  return stage < state.at ? (state.stages[stage]?.steps[side].length ?? 0) : state.lanes[side].index
}

function keyOf(stage: number, side: Side, index: number): string {
  return `${stage} ${side} ${index}`
}
