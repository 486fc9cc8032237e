import type {FailureCode} from '../../src/core/failure.ts'
import type {Values} from '../../src/dialect/conditions.ts'
import {beginConversation, step, wakeAt} from '../../src/dialect/conversation.ts'
import type {
  Conversation,
  ConversationFailure,
  HttpRequest,
  Input,
  Output,
} from '../../src/dialect/conversation-state.ts'
import {describeStep} from '../../src/dialect/describe-step.ts'
import type {Sent} from '../../src/dialect/message.ts'
import {operationsOf, type Side, type StageName} from '../../src/dialect/plan.ts'
import {stageOf} from '../../src/dialect/stage.ts'
import {ask} from './ask.ts'
import {elapsed} from './clock.ts'
import * as measure from './measure.ts'
import type {SocketLoad} from '../../src/load/workload.ts'

const tools = {now: elapsed, random: Math.random}
const none = [] as const
const nothing: Values = {}

/** What the conversation up to its round trips does and tells. */
export interface OpeningListener {
  /** What the clients had to ask for before they connect is known: it is time for it. */
  dial(): void
  send(side: Side, message: Sent): void
  ready(state: Conversation): void
  failed(failure: ConversationFailure): void
}

/** Everything before the round trips (requests, open, match, offer, answer, candidates), led by the dialect itself. */
export class Opening {
  state: Conversation
  readonly #load: SocketLoad
  readonly #listener: OpeningListener
  readonly #namesSid: boolean
  #owed: Shared['owed']
  /** The indicators of the events so far. */
  #told: readonly string[] = none
  #timer: number | undefined
  #over = false
  #current: StageName

  constructor(load: SocketLoad, listener: OpeningListener) {
    const {settings, owed, namesSid} = sharedOf(load)
    this.#load = load
    this.#listener = listener
    this.#owed = owed
    this.#namesSid = namesSid
    this.state = beginConversation(load.dialect, settings, tools)
    this.#current = stageOf(this.state).name
  }

  opened(side: Side, values: Values): void {
    this.feed({kind: 'opened', side, values: this.#namesSid ? values : nothing})
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
    for (const {indicator, count} of this.#owed) {
      const told = this.#told.filter((one) => one === indicator).length
      for (let left = count - told; left > 0; left--) measure.event(indicator, false, {at})
    }
  }

  #perform(output: Output): void {
    switch (output.kind) {
      case 'send':
        this.#listener.send(output.side, output.message)
        return
      case 'event':
        this.#told = [...this.#told, output.indicator]
        measure.event(output.indicator, output.ok, {at: measure.phaseTags(), value: output.value})
        return
      case 'stage':
        this.#complete()
        this.#current = output.stage
        if (output.stage === 'open') this.#listener.dial() // otherwise it begins so
        return
      case 'failed':
        this.#over = true
        this.#listener.failed(output.failure)
        return
      case 'done':
        this.#complete()
        this.#over = true
        this.#owed = none
        this.#told = none
        this.#listener.ready(this.state)
        return
      case 'request':
        void this.#ask(output.side, output.request)
        return
      case 'fact':
      case 'describe': // nobody is asked: the workload's description is every client's
      case 'accept':
      case 'add_candidate':
    }
  }

  async #ask(side: Side, request: HttpRequest): Promise<void> {
    const answer = await ask(this.#load, request)
    if (this.#over) return
    try {
      if ('code' in answer)
        this.#fail(answer.code, `client ${side.toUpperCase()} expected ${this.#awaited(side)}, got ${answer.got}`)
      else this.feed({kind: 'answered', side, answer, at: elapsed()})
    } catch (error) {
      // It would end the iteration, and with it every session of this virtual user.
      this.#fail('crashed', (error as Error).message)
    }
  }

  #awaited(side: Side): string {
    const step = stageOf(this.state).steps[side][this.state.lanes[side].index]
    return step ? describeStep(step) : 'nothing'
  }

  #fail(code: FailureCode, message: string): void {
    this.#over = true
    this.#listener.failed({code, stage: this.#current, message})
  }

  #complete(): void {
    const reached = milestones[this.#current]
    if (reached) measure.reached(reached, this.#load.clients)
  }

  #clear(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer)
    this.#timer = undefined
  }
}

/** What all conversations of a load have in common. */
interface Shared {
  readonly settings: Conversation['settings']
  /** The events that every conversation has to tell, good or bad. */
  readonly owed: readonly {readonly indicator: string; readonly count: number}[]
  /** Where it does not, all conversations that take no values of their own know the same. */
  readonly namesSid: boolean
}

const shared = new WeakMap<SocketLoad, Shared>()

function sharedOf(load: SocketLoad): Shared {
  const known = shared.get(load)
  if (known) return known
  const {dialect, sdp, roundTripTimeoutMs, matchTimeoutMs, stepTimeoutMs} = load
  const text = JSON.stringify(dialect) // to go through all of its templates takes k6 some milliseconds
  const timeouts = {roundTripTimeoutMs, matchTimeoutMs, stepTimeoutMs}
  const made: Shared = {
    namesSid: text.includes('{sid') || text.includes('{other.sid'),
    settings: {...timeouts, count: 0, intervalMs: 0, values: {sdp}, purpose: 'opening'},
    owed: [
      {indicator: 'operation', count: operationsOf(dialect, 0)},
      {indicator: 'match_latency', count: dialect.match ? 1 : 0},
      {indicator: 'offer_answer', count: dialect.handover ? 1 : 0},
    ],
  }
  shared.set(load, made)
  return made
}

const milestones: Readonly<Partial<Record<StageName, 'joined' | 'matched' | 'answered'>>> = {
  open: 'joined',
  match: 'matched',
  answer: 'answered',
}
