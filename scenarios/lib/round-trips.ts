import {meetConditions} from '../../src/dialect/conditions.ts'
import {lookupOf, type Conversation, type Known} from '../../src/dialect/conversation-state.ts'
import {meet} from '../../src/dialect/expectation.ts'
import {formOf, isOfOneForm, type FrameForm, type TripNames} from '../../src/dialect/frame-form.ts'
import {freshId} from '../../src/dialect/fresh-id.ts'
import type {Received, Sent} from '../../src/dialect/message.ts'
import type {Side} from '../../src/dialect/plan.ts'
import {answerRules, QuickAnswers, type AnswerRules} from '../../src/dialect/quick-answers.ts'
import type {Dialect} from '../../src/dialect/schema.ts'
import {messageOf} from '../../src/dialect/sending.ts'
import type {Client} from './client.ts'
import * as measure from './measure.ts'
import type {PhaseTags} from './measure.ts'
import type {Sitter} from './ring.ts'
import {write, type Taker} from './socket.ts'

interface Trip extends Required<TripNames> {
  readonly sentAt: number
  /** The phase in which it was due. */
  readonly at: PhaseTags
}

/** What the round trips of all conversations of a dialect have in common, found out by the first ones. */
interface Common {
  readonly rules: AnswerRules
  /** Of what is sent, unless it names what is a conversation's own. */
  form?: FrameForm | null
  answers?: QuickAnswers
  known?: Known
}

const known = new WeakMap<Dialect, Common>()

function commonOf(dialect: Dialect): Common {
  const common = known.get(dialect) ?? {rules: answerRules(dialect)}
  known.set(dialect, common)
  return common
}

const none: readonly Trip[] = []

/** What outlasts the opening: the same for all that took no values of their own. */
function knownOf({dialect, settings, clients: {a, b}}: Conversation, common: Common): Known {
  const isOwn = b.opened || Object.keys(a.values).length > 0
  if (!isOwn && common.known) return common.known
  const known = ({opened, values}: Known['clients'][Side]) => ({opened, values})
  const own = {dialect, settings, clients: {a: known(a), b: known(b)}}
  if (!isOwn) common.known = own
  return own
}

/** The ids of each conversation begin otherwise. A fresh one for every message would cost more than sending it. */
const ownPrefix = freshId(Math.random)
let conversations = 0

/**
 * The round trips of a conversation that has come so far: as the dialect's own, but told one by one as they end, since
 * those of a drill last as long as it does. A class, as k6's engine needs half a kilobyte for every closure.
 */
export class RoundTrips implements Sitter, Taker {
  readonly #hearing: Side
  readonly #known: Known
  readonly #client: Client
  readonly #socket: Client['socket']
  /** Slots between these are its own. */
  readonly #openAt: number
  readonly #stopAt: number
  readonly #common: Common
  #answers: QuickAnswers
  readonly #form: FrameForm | null
  readonly #timeoutMs: number
  readonly #isAck: boolean
  readonly #prefix = `${ownPrefix}${conversations++}x`
  #nextAck: number
  #n = 0
  /** Nearly always there is one under way at most, the latest: when it was sent, its phase and the frame that answers it. */
  #sentAt = 0
  #at: PhaseTags | undefined
  #expected: string | undefined
  /** All that are under way, the oldest first, where there were more of them. */
  #several: Trip[] | undefined
  /** The latest frame, if it is a text that has to be read. */
  #unread: string | undefined

  constructor(
    state: Conversation,
    client: Client,
    {openAt, stopAt}: {readonly openAt: number; readonly stopAt: number},
  ) {
    const {dialect} = state
    const {roundTrip} = dialect
    const common = commonOf(dialect)
    this.#hearing = roundTrip.kind === 'relay' ? 'b' : 'a'
    this.#known = knownOf(state, common)
    this.#client = client
    this.#socket = client.socket
    this.#openAt = openAt
    this.#stopAt = stopAt
    this.#common = common
    this.#answers = common.answers ?? new QuickAnswers(common.rules)
    this.#isAck = roundTrip.kind === 'ack'
    this.#form = common.form === undefined ? this.#formOf(roundTrip) : common.form
    this.#timeoutMs = state.settings.roundTripTimeoutMs
    this.#nextAck = state.clients.a.nextAck
  }

  /** Whose messages answer. */
  get hearing(): Side {
    return this.#hearing
  }

  /** What is left of the conversation, in a third of its memory: a drill has tens of thousands. */
  get known(): Known {
    return this.#known
  }

  get waiting(): number {
    return this.#waiting().length
  }

  due(slotAt: number, at: PhaseTags, now: number): void {
    if (slotAt >= this.#openAt && slotAt < this.#stopAt) this.begin(now, at)
  }

  /** Begins the next one, and gives up those that are overdue. No object is made for it: that would cost as much again. */
  begin(sentAt: number, at: PhaseTags): void {
    if (this.#at || this.#several) this.#makeRoom(sentAt)
    const n = this.#n++
    const ack = this.#nextAck++
    const id = `${this.#prefix}${n}x`
    if (this.#several) this.#several.push({id, n, ack, sentAt, at})
    else {
      this.#sentAt = sentAt
      this.#at = at
      this.#expected = this.#answers.form?.(id, n, ack)
    }
    const form = this.#form
    if (form) write(this.#socket, form(id, n, ack))
    else this.#client.send(this.#messageFor({id, n, ack}))
  }

  /** Whether a frame is known without being read: as an answer, or as nothing that anybody waits for. */
  takes(frame: string | ArrayBuffer, moment: number): boolean {
    const at = this.#at
    if (at && frame === this.#expected) {
      this.#at = undefined
      measure.roundTrip(at, moment - this.#sentAt, this.#timeoutMs)
      return true
    }
    const text = typeof frame === 'string' ? frame : undefined
    this.#unread = text
    if (text === undefined) return false
    const trip = this.#answers.glance(text, this.#waiting())
    if (trip) this.#answered(trip, moment)
    return trip !== null
  }

  /** Gives a message to the round trip that it answers, if it answers one. */
  receive(side: Side, message: Received, moment: number): void {
    if (side !== this.#hearing) return
    const trip = this.#waiting().find((one) => this.#isAnswer(one, message))
    if (!trip) return
    if (this.#unread !== undefined) this.#learn(this.#unread, trip)
    this.#answered(trip, moment)
  }

  #formOf(roundTrip: Dialect['roundTrip']): FrameForm | null {
    const common = this.#common
    if (roundTrip.kind === 'ping') return (common.form = null)
    const form = formOf((names) => this.#client.frameOf(this.#messageFor(names)))
    if (isOfOneForm({...roundTrip.send})) common.form = form
    return form
  }

  #learn(frame: string, trip: Trip): void {
    const common = this.#common
    // What others have learned is of no use here: this one is answered otherwise.
    if (this.#answers === common.answers) this.#answers = new QuickAnswers(common.rules)
    this.#answers.learn(frame, trip)
    if (common.rules.shared) common.answers ??= this.#answers
  }

  /** For one more: what is under way is either given up or in a list. */
  #makeRoom(now: number): void {
    this.giveUp(now - this.#timeoutMs)
    if (this.#at) this.#hold([...this.#waiting()])
  }

  /** Gives up those that were begun until a moment. */
  giveUp(until: number): void {
    const waiting = this.#waiting()
    const first = waiting[0]
    if (!first || first.sentAt > until) return
    this.#hold(waiting.filter(({sentAt}) => sentAt > until))
    for (const {sentAt, at} of waiting) if (sentAt <= until) measure.roundTrip(at)
  }

  #waiting(): readonly Trip[] {
    if (!this.#at) return this.#several ?? none
    const [n, ack] = [this.#n - 1, this.#nextAck - 1]
    return [{id: `${this.#prefix}${n}x`, n, ack, sentAt: this.#sentAt, at: this.#at}]
  }

  #hold(waiting: Trip[]): void {
    this.#at = undefined
    this.#several = waiting.length > 0 ? waiting : undefined
  }

  #answered(trip: Trip, moment: number): void {
    this.#hold(this.#waiting().filter((one) => one.n !== trip.n))
    measure.roundTrip(trip.at, moment - trip.sentAt, this.#timeoutMs)
  }

  #messageFor({id, n, ack}: TripNames): Sent {
    const {roundTrip} = this.#known.dialect
    if (roundTrip.kind === 'ping') return {kind: 'ping', value: id}
    return messageOf(roundTrip.send, lookupOf(this.#known, 'a', {id, n}), this.#isAck ? ack : undefined)
  }

  #isAnswer({id, n, ack}: Trip, message: Received): boolean {
    const {roundTrip} = this.#known.dialect
    const lookup = () => lookupOf(this.#known, this.#hearing, {id, n})
    switch (roundTrip.kind) {
      case 'ping':
        return message.kind === 'pong' && message.value === id
      case 'ack':
        if (message.kind !== 'ack' || message.ack !== ack) return false
        return meetConditions(message.value, roundTrip.ack, lookup()) !== null
      case 'relay':
      case 'reply':
        return meet(message, roundTrip.expect, lookup()) !== null
    }
  }
}
