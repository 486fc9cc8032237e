import type {Json} from '../core/json.ts'
import {formOfAnswer, isOfOneForm, type FrameForm, type TripNames} from './frame-form.ts'
import type {Dialect} from './schema.ts'
import type {Conditions, Expectation} from './schema-message.ts'
import {filtersOf, placeholdersOf} from './template.ts'

/** What can be said of a dialect's answers without reading them. */
export interface AnswerRules {
  /** Answers are alike but for the names of their round trips, as far as the dialect looks at them. */
  readonly learnable: boolean
  /** What was learned in one conversation holds in all others. */
  readonly shared: boolean
  /** Every answer holds the id of its round trip, as it is. */
  readonly named: boolean
  /** They are acknowledgements, which have the number of their round trip. */
  readonly numbered: boolean
  /** An acknowledgement that need hold nothing is known by its number alone. */
  readonly bare: boolean
  /** How a frame of Socket.IO begins that can answer, and one that cannot. */
  readonly heads: {readonly answer: string; readonly other: string} | undefined
}

/** After so many answers that were each of another form there is nothing to be learned. */
const FORMS = 4

export function answerRules({transport, roundTrip, heartbeats}: Dialect): AnswerRules {
  const isAck = roundTrip.kind === 'ack'
  const expected: Conditions | undefined =
    roundTrip.kind === 'ping' ? undefined : isAck ? roundTrip.ack : roundTrip.expect
  const socketIo = transport.kind === 'socket.io'
  const single = socketIo || (transport.frames.separator === undefined && !transport.frames.array)
  const namespace = socketIo && transport.namespace !== '/' ? `${transport.namespace},` : ''
  const [events, acks] = [`42${namespace}`, `43${namespace}`]
  // What asks for a sign of life must be read, too.
  const asked = heartbeats.some((beat) => 'on' in beat)
  const learnable = expected !== undefined && single && !asked && comparesOnly(expected)
  return {
    learnable,
    shared: learnable && isOfOneForm(comparedWith(expected)),
    named: expected !== undefined && single && !isAck && !asked && needsId(expected),
    numbered: isAck,
    bare: isAck && learnable && isUnconditional(roundTrip.ack),
    heads: socketIo ? {answer: isAck ? acks : events, other: isAck && !asked ? events : acks} : undefined,
  }
}

/**
 * Recognises the answers of one conversation by the form of one that was read before. What decides an answer (the
 * conditions of the dialect) can then differ only in the names of its round trip, and agrees with what the reader of
 * messages would say: that is so for conditions that compare values, and for no others.
 */
export class QuickAnswers {
  /** Of the frame that answers, once it is known. */
  form: FrameForm | undefined
  readonly #rules: AnswerRules
  #forms = 0
  #read = false

  constructor(rules: AnswerRules) {
    this.#rules = rules
  }

  /**
   * What a frame is to the round trips that wait, without reading it: the answer of one of them, none of their answers
   * for sure (false), or something that has to be read (null).
   */
  glance<Trip extends TripNames>(frame: string, waiting: readonly Trip[]): Trip | false | null {
    const {form} = this
    const {heads, bare, named} = this.#rules
    const formed = form && waiting.find(({id, n, ack}) => form(id, n, ack) === frame)
    if (formed) return formed
    if (heads) {
      if (frame.startsWith(heads.other)) return false
      if (!frame.startsWith(heads.answer)) return null // a heartbeat, an end, another namespace
      if (bare && this.#read && frame.endsWith(']')) {
        return waiting.find(({ack}) => frame.startsWith(`${heads.answer}${ack}[`)) ?? null
      }
    }
    if (!named || frame.includes('\\u')) return null
    return waiting.some(({id}) => frame.includes(id)) ? null : false
  }

  /** Takes to heart a frame that, when it was read, answered this round trip. */
  learn(frame: string, trip: TripNames): void {
    const {learnable, bare, numbered, heads} = this.#rules
    this.#read = true
    if (!learnable || bare || this.#forms >= FORMS) return
    this.#forms++
    this.form = formOfAnswer(frame, numbered ? trip : {id: trip.id, n: trip.n}, heads?.answer)
  }
}

type Asked = Conditions & Partial<Pick<Expectation, 'event'>>

/** Whether all that is asked of a message is that values are there, are so many, or are equal to others. */
function comparesOnly(asked: Asked): boolean {
  const {matches, parse, decode, among} = asked
  const templates = comparedWith(asked)
  return (
    Object.keys(matches).length + parse.length + Object.keys(decode).length === 0 &&
    among === undefined &&
    !placeholdersOf(templates).includes('n') &&
    filtersOf(templates).length === 0
  )
}

/** The templates that a message is compared with. */
function comparedWith({where, not, least, has, absent, event = ''}: Asked): Json {
  return {where, not, event, least, has, absent}
}

function needsId({where, parse}: Conditions): boolean {
  const templates = Object.values(where)
  return parse.length === 0 && filtersOf(templates).length === 0 && placeholdersOf(templates).includes('id')
}

function isUnconditional({where, not, has, absent, least, take}: Conditions): boolean {
  return [where, not, least, take].every((one) => Object.keys(one).length === 0) && has.length + absent.length === 0
}
