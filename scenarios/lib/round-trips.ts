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

interface Trip extends TripNames {
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
export class RoundTrips {
  readonly #hearing: Side
  readonly #known: Known
  readonly #client: Client
  readonly #common: Common
  #answers: QuickAnswers
  readonly #form: FrameForm | null
  readonly #timeoutMs: number
  readonly #isAck: boolean
  readonly #prefix = `${ownPrefix}${conversations++}x`
  #nextAck: number
  #n = 0
  /** Nearly always there is one at most, for which there is no list to keep. Else there is a list, the oldest first. */
  #only: Trip | undefined
  #several: Trip[] | undefined
  /** The latest frame that has to be read. */
  #unread: string | undefined

  constructor(state: Conversation, client: Client) {
    const {dialect} = state
    const {roundTrip} = dialect
    const common = commonOf(dialect)
    this.#hearing = roundTrip.kind === 'relay' ? 'b' : 'a'
    this.#known = knownOf(state, common)
    this.#client = client
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

  /** Begins the next one, and gives up those that are overdue. */
  begin(sentAt: number, at: PhaseTags): void {
    const n = this.#n++
    const trip: Trip = {id: `${this.#prefix}${n}x`, n, ack: this.#isAck ? this.#nextAck++ : undefined, sentAt, at}
    if (this.#only || this.#several) this.#queue(trip)
    else this.#only = trip
    if (this.#form) this.#client.write(this.#form(trip))
    else this.#client.send(this.#messageFor(trip))
  }

  /** Whether a frame is known without being read: as an answer, or as nothing that anybody waits for. */
  takes(frame: string, moment: number): boolean {
    const only = this.#only
    const {form} = this.#answers
    if (only && form && form(only) === frame) {
      this.#answered(only, moment)
      return true
    }
    this.#unread = frame
    const trip = this.#answers.glance(frame, this.#waiting())
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

  #queue(trip: Trip): void {
    this.giveUp(trip.sentAt - this.#timeoutMs)
    const waiting = this.#several ?? (this.#only ? [this.#only] : [])
    waiting.push(trip)
    this.#hold(waiting)
  }

  /** Gives up those that were begun before a moment. */
  giveUp(before: number): void {
    const waiting = this.#waiting()
    let first = waiting[0]
    if (!first || first.sentAt > before) return
    const left = waiting.slice()
    for (; first && first.sentAt <= before; first = left[0]) {
      left.shift()
      measure.roundTrip(first.at)
    }
    this.#hold(left)
  }

  #waiting(): readonly Trip[] {
    return this.#only ? [this.#only] : (this.#several ?? none)
  }

  #hold(waiting: Trip[]): void {
    const alone = waiting.length < 2
    this.#only = alone ? waiting[0] : undefined
    this.#several = alone ? undefined : waiting
  }

  #answered(trip: Trip, moment: number): void {
    const several = this.#several
    if (several) {
      several.splice(several.indexOf(trip), 1)
      this.#hold(several)
    } else this.#only = undefined
    const value = moment - trip.sentAt
    measure.roundTrip(trip.at, value > this.#timeoutMs ? undefined : value < 0 ? 0 : value)
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
