import {beginConversation, step, wakeAt} from '../../src/dialect/conversation.ts'
import type {Conversation, ConversationFailure, Input, Output} from '../../src/dialect/conversation-state.ts'
import type {Sent} from '../../src/dialect/message.ts'
import {operationsOf, type Side, type StageName} from '../../src/dialect/plan.ts'
import {elapsed} from './clock.ts'
import * as measure from './measure.ts'
import type {SocketLoad} from '../../src/load/workload.ts'

const tools = {now: elapsed, random: Math.random}

/** What the conversation up to its round trips does and tells. */
export interface OpeningListener {
  send(side: Side, message: Sent): void
  ready(state: Conversation): void
  failed(failure: ConversationFailure): void
}

export interface Opening {
  readonly state: Conversation
  feed(input: Input): void
  /** Nothing is told any more; what was owed and did not come is bad, unless it is not the target's fault. */
  abandon(owes: boolean): void
}

/** Everything before the round trips (open, match, offer, answer, candidates), led by the dialect itself. */
export function openConversation(load: SocketLoad, listener: OpeningListener): Opening {
  const {dialect, clients, sdp, roundTripTimeoutMs, matchTimeoutMs, stepTimeoutMs} = load
  const settings = {count: 1, intervalMs: 0, roundTripTimeoutMs, matchTimeoutMs, stepTimeoutMs, values: {sdp}}
  const whole = beginConversation(dialect, settings, tools)
  let state: Conversation = {...whole, stages: whole.stages.filter(({name}) => !after.includes(name))}
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false
  let current: StageName = 'open'
  const owed = new Map<string, number>([
    ['operation', operationsOf(dialect, 0)],
    ...(dialect.match ? [['match_latency', 1] as const] : []),
    ...(dialect.handover ? [['offer_answer', 1] as const] : []),
  ])

  const complete = (next?: StageName) => {
    const reached = milestones[current]
    if (reached) measure.reached(reached, clients)
    current = next ?? current
  }
  const perform = (output: Output) => {
    switch (output.kind) {
      case 'send':
        listener.send(output.side, output.message)
        return
      case 'event':
        owed.set(output.indicator, (owed.get(output.indicator) ?? 0) - 1)
        measure.event(output.indicator, output.ok, {at: measure.phaseTags(), value: output.value})
        return
      case 'stage':
        complete(output.stage)
        return
      case 'failed':
        over = true
        listener.failed(output.failure)
        return
      case 'done':
        complete()
        over = true
        listener.ready(state)
        return
      case 'fact':
      case 'request': // a dialect with requests before its sockets was refused
      case 'describe': // nobody is asked: the workload's description is every client's
      case 'accept':
      case 'add_candidate':
    }
  }
  const feed = (input: Input) => {
    if (over) return
    const stepped = step(state, input, tools)
    state = stepped.state
    for (const output of stepped.outputs) perform(output)
    if (timer !== undefined) clearTimeout(timer)
    timer = undefined
    const at = wakeAt(state) // none once it has ended
    if (at !== undefined) timer = setTimeout(() => feed({kind: 'timer'}), Math.max(1, at - elapsed()))
  }
  return {
    get state() {
      return state
    },
    feed,
    abandon(owes) {
      over = true
      if (timer !== undefined) clearTimeout(timer)
      timer = undefined
      if (!owes) return
      const at = measure.phaseTags()
      for (const [indicator, count] of owed) {
        for (let left = count; left > 0; left--) measure.event(indicator, false, {at})
      }
      owed.clear()
    },
  }
}

const after: readonly StageName[] = ['round_trips', 'leave']
const milestones: Readonly<Partial<Record<StageName, 'joined' | 'matched' | 'answered'>>> = {
  open: 'joined',
  match: 'matched',
  answer: 'answered',
}
