import {beginConversation, step, wakeAt} from '../../src/dialect/conversation.ts'
import type {Conversation, ConversationFailure, Input, Output} from '../../src/dialect/conversation-state.ts'
import type {Sent} from '../../src/dialect/message.ts'
import {operationsOf, planOf, type Side, type StageName} from '../../src/dialect/plan.ts'
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

/** Everything before the round trips (open, match, offer, answer, candidates), led by the dialect itself. */
export class Opening {
  state: Conversation
  readonly #clients: number
  readonly #listener: OpeningListener
  readonly #owed: Map<string, number>
  #timer: number | undefined
  #over = false
  #current: StageName = 'open'

  constructor(load: SocketLoad, listener: OpeningListener) {
    const {dialect, clients} = load
    const {settings, stages, operations} = sharedOf(load)
    this.#clients = clients
    this.#listener = listener
    this.state = {...beginConversation(dialect, settings, tools), stages}
    this.#owed = new Map([
      ['operation', operations],
      ...(dialect.match ? [['match_latency', 1] as const] : []),
      ...(dialect.handover ? [['offer_answer', 1] as const] : []),
    ])
  }

  feed(input: Input): void {
    if (this.#over) return
    const stepped = step(this.state, input, tools)
    this.state = stepped.state
    for (const output of stepped.outputs) this.#perform(output)
    this.#clear()
    const at = wakeAt(this.state) // none once it has ended
    if (at !== undefined) this.#timer = setTimeout(() => this.feed({kind: 'timer'}), Math.max(1, at - elapsed()))
  }

  /** Nothing is told any more; what was owed and did not come is bad, unless it is not the target's fault. */
  abandon(owes: boolean): void {
    this.#over = true
    this.#clear()
    if (!owes) return
    const at = measure.phaseTags()
    for (const [indicator, count] of this.#owed) {
      for (let left = count; left > 0; left--) measure.event(indicator, false, {at})
    }
    this.#owed.clear()
  }

  #perform(output: Output): void {
    switch (output.kind) {
      case 'send':
        this.#listener.send(output.side, output.message)
        return
      case 'event':
        this.#owed.set(output.indicator, (this.#owed.get(output.indicator) ?? 0) - 1)
        measure.event(output.indicator, output.ok, {at: measure.phaseTags(), value: output.value})
        return
      case 'stage':
        this.#complete()
        this.#current = output.stage
        return
      case 'failed':
        this.#over = true
        this.#listener.failed(output.failure)
        return
      case 'done':
        this.#complete()
        this.#over = true
        this.#listener.ready(this.state)
        return
      case 'fact':
      case 'request': // a dialect with requests before its sockets was refused
      case 'describe': // nobody is asked: the workload's description is every client's
      case 'accept':
      case 'add_candidate':
    }
  }

  #complete(): void {
    const reached = milestones[this.#current]
    if (reached) measure.reached(reached, this.#clients)
  }

  #clear(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/** What all conversations of a load have in common. */
interface Shared {
  readonly settings: Conversation['settings']
  readonly stages: Conversation['stages']
  readonly operations: number
}

const shared = new WeakMap<SocketLoad, Shared>()

function sharedOf(load: SocketLoad): Shared {
  const known = shared.get(load)
  if (known) return known
  const {dialect, sdp, roundTripTimeoutMs, matchTimeoutMs, stepTimeoutMs} = load
  const made = {
    settings: {count: 1, intervalMs: 0, roundTripTimeoutMs, matchTimeoutMs, stepTimeoutMs, values: {sdp}},
    stages: planOf(dialect).filter(({name}) => !after.includes(name)),
    operations: operationsOf(dialect, 0),
  }
  shared.set(load, made)
  return made
}

const after: readonly StageName[] = ['round_trips', 'leave']
const milestones: Readonly<Partial<Record<StageName, 'joined' | 'matched' | 'answered'>>> = {
  open: 'joined',
  match: 'matched',
  answer: 'answered',
}
