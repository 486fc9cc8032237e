import type {FailureCode} from '../core/failure.ts'
import type {Json} from '../core/json.ts'
import type {Candidate} from './candidate.ts'
import type {Values} from './conditions.ts'
import type {HttpAnswer, Received, Sent} from './message.ts'
import type {Purpose, Side, Stage, StageName} from './plan.ts'
import type {Trips} from './round-trips.ts'
import type {Dialect} from './schema.ts'
import type {Lookup} from './template.ts'

/** What the driver lends: time and chance. */
export interface Tools {
  /** Monotonic milliseconds. */
  now(): number
  /** 0 to 1, 1 excluded. */
  random(): number
}

export interface Settings {
  /** Round trips. */
  readonly count: number
  readonly intervalMs: number
  readonly roundTripTimeoutMs: number
  readonly matchTimeoutMs: number
  readonly stepTimeoutMs: number
  /** Values for the templates. With an `sdp` among them nobody is asked for descriptions: this one is every client's. */
  readonly values: Values
  /** Without one: round trips. */
  readonly purpose?: Purpose
}

export interface Arrival {
  readonly message: Received
  readonly at: number
}

/** One client: what it knows and what it received and has not used. */
export interface Client {
  readonly opened: boolean
  readonly values: Values
  readonly inbox: readonly Arrival[]
  readonly nextAck: number
  /** Found by its peer and not sent yet; null says that there are no more. */
  readonly candidates: readonly (Candidate | null)[]
  /** When each of the dialect's heartbeats is due, by its place there. */
  readonly beats: Readonly<Record<number, number>>
  /** Heartbeats answered since then: more than a server can mean are a loop. */
  readonly answered: {readonly since: number; readonly count: number}
  /** What it said last, where its own messages come back to it. */
  readonly said: readonly Sent[]
  /** The server's word that something waits, which is a failure only if nothing comes of it. */
  readonly queued?: string
}

/** How far a client is with its steps of the current stage. */
export interface Lane {
  readonly index: number
  /** When its current step began. */
  readonly since: number
  /** The acknowledgement that it waits for. */
  readonly ack?: number
  readonly sentAt?: number
  readonly receivedAt?: number
  /** When somebody was asked for what the current step needs: its peer, an HTTP server. */
  readonly askedAt?: number
  /** What the ping of the current step carries. */
  readonly ping?: string
  /** When the current step said last what it says again and again. */
  readonly repeatedAt?: number
  /** How long its peer took to describe itself: no time of the server's. */
  readonly describedMs?: number
  /** Up to where its current step has looked through what came, in vain. */
  readonly looked?: Looked
}

/** A message that did not fit does not fit later, as long as the values of both clients are these. */
export interface Looked {
  readonly upTo: Arrival
  readonly own: Values
  readonly others: Values
}

/** What templates are filled from, and all that outlasts the stages of a conversation. */
export interface Known {
  readonly dialect: Dialect
  readonly settings: Settings
  readonly clients: Readonly<Record<Side, Pick<Client, 'opened' | 'values'>>>
}

export interface Conversation extends Known {
  readonly stages: readonly Stage[]
  /** Index of the current stage; beyond the last one the conversation is over. */
  readonly at: number
  readonly stageSince: number
  readonly clients: Readonly<Record<Side, Client>>
  readonly lanes: Readonly<Record<Side, Lane>>
  readonly trips: Trips
  /** Who offers, as soon as it is known. */
  readonly offerer: Side
  readonly offeredAt?: number
  /** The call is over: it is time to leave. */
  readonly hungUp: boolean
  readonly ended: boolean
}

/** What happened to a client, or that it is time. `at` is when the socket had it. */
export type Input =
  | {readonly kind: 'opened'; readonly side: Side; readonly values: Values}
  | {readonly kind: 'received'; readonly side: Side; readonly message: Received; readonly at: number}
  | {readonly kind: 'closed'; readonly side: Side; readonly code: FailureCode; readonly message: string}
  | {readonly kind: 'described'; readonly side: Side; readonly sdp: string}
  | {readonly kind: 'candidate'; readonly side: Side; readonly candidate: Candidate | null}
  | {readonly kind: 'answered'; readonly side: Side; readonly answer: HttpAnswer; readonly at: number}
  | {readonly kind: 'hang_up'}
  | {readonly kind: 'timer'}

export interface ConversationFailure {
  readonly code: FailureCode
  readonly stage: StageName
  readonly message: string
  readonly hint?: string
}

/**
 * What a client's peer shall do. A description is awaited (`described`); `remote` is the other end's. Without
 * `trickle` no candidate can follow, so the description must hold them all.
 */
export type MediaOutput =
  | {readonly kind: 'describe'; readonly side: Side; readonly what: 'offer'; readonly trickle: boolean}
  | {
      readonly kind: 'describe'
      readonly side: Side
      readonly what: 'answer'
      readonly remote: string
      readonly trickle: boolean
    }
  | {readonly kind: 'accept'; readonly side: Side; readonly remote: string}
  | {readonly kind: 'add_candidate'; readonly side: Side; readonly candidate: Candidate}

/** A request before the connection. The path is one on the target's host, or a URL. */
export interface HttpRequest {
  readonly method: string
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
}

/** What the driver shall do or tell. */
export type Output =
  | {readonly kind: 'send'; readonly side: Side; readonly message: Sent}
  | {readonly kind: 'request'; readonly side: Side; readonly request: HttpRequest}
  | {readonly kind: 'stage'; readonly stage: StageName}
  | MediaOutput
  | {readonly kind: 'event'; readonly indicator: string; readonly ok: boolean; readonly value?: number}
  | {readonly kind: 'fact'; readonly name: string; readonly value: string | number | boolean}
  | {readonly kind: 'done'}
  | {readonly kind: 'failed'; readonly failure: ConversationFailure}

export interface Stepped {
  readonly state: Conversation
  readonly outputs: readonly Output[]
}

/** What a client's templates can name: its own values, and those of the other client as `other.name`. */
export function lookupOf({clients, settings, dialect}: Known, side: Side, extra: Values = {}): Lookup {
  const own = clients[side].values
  const others = clients[otherOf(side)].values
  return (name) => {
    if (name === 'side') return side
    if (name.startsWith('other.')) return member(others, name.slice('other.'.length))
    return member(extra, name) ?? member(own, name) ?? member(settings.values, name) ?? member(dialect.values, name)
  }
}

export function otherOf(side: Side): Side {
  return side === 'a' ? 'b' : 'a'
}

function member(values: Values, name: string): Json | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined
}
