import type {Json} from '../core/json.ts'
import type {Bound} from '../core/objective.ts'
import type {Dialect} from '../dialect/schema.ts'
import type {LoadPhase} from './curve.ts'

/**
 * All that a generator is told, in one JSON document: the same for every runner, which takes its part of the sessions by
 * its execution segment. It holds the secrets of headers, and travels in the environment.
 */
export interface Workload {
  readonly schema: 1
  readonly scenario: string
  readonly phases: readonly LoadPhase[]
  readonly sockets?: SocketLoad
  readonly requests?: RequestLoad
  readonly relays?: RelayLoad
  readonly bounds: readonly WatchedBound[]
  /** Names the run in what it sends. */
  readonly userAgent: string
  readonly insecure: boolean
  /** Only this IP version. */
  readonly family?: 4 | 6
  readonly certificate?: {readonly cert: string; readonly key: string}
}

/** One bound of an objective, with a tally of its own: what a verdict is computed from. */
export interface WatchedBound extends Pick<Bound, 'min' | 'max' | 'strict'> {
  readonly metric: string
  readonly indicator: string
}

/** Persistent sessions of the profile's dialect. */
export interface SocketLoad {
  /** ws: or wss:, as it was given: without a path of its own it has the dialect's. */
  readonly url: string
  readonly dialect: Dialect
  readonly headers: Readonly<Record<string, string>>
  /** Replaces the dialect's auth payload. */
  readonly payload?: Json
  readonly sdp: string
  /** The share of sessions that begin by polling, where some do. */
  readonly polling?: number
  /** A session has one client or two. */
  readonly clients: 1 | 2
  readonly sessions: number
  readonly vus: number
  readonly intervalMs: number
  /** How long a session lasts before it leaves and begins anew. */
  readonly lifeMs: number
  readonly connectTimeoutMs: number
  readonly roundTripTimeoutMs: number
  readonly matchTimeoutMs: number
  readonly stepTimeoutMs: number
  /** How long a session waits after a failure, and at most after many. */
  readonly retryMs: number
  readonly longestRetryMs: number
  /** Between the last round trip that is begun and the end of a session. */
  readonly marginMs: number
  /** Whether a refusal by rate limit counts as any other fault. */
  readonly limiterIsFault: boolean
}

/** Requests at a rate that does not wait for answers, or users who do. */
export type RequestLoad = {
  readonly timeoutMs: number
  readonly list: readonly RequestTemplate[]
  readonly limiterIsFault: boolean
} & (
  | {readonly model: 'open'; readonly perSecond: number; readonly vus: number; readonly maxVus: number}
  | {readonly model: 'closed'; readonly vus: number; readonly thinkMs: number}
)

/**
 * Calls through a TURN server, both ends of which are relayed: two allocations each, and packets on a timetable from
 * one to the other and back, as the two directions of a conversation.
 */
export interface RelayLoad {
  readonly calls: number
  readonly workers: number
  /** From one packet of a call to the next. */
  readonly intervalMs: number
  /** Bytes of a packet. */
  readonly size: number
  /** How long a call lasts before it is released and set up anew. */
  readonly lifeMs: number
  readonly setUpTimeoutMs: number
  /** A packet that is not back by then is lost; so long before its end a call sends no more. */
  readonly lostAfterMs: number
  /** How long a call waits after a failure, and at most after many. */
  readonly retryMs: number
  readonly longestRetryMs: number
  /** How often permissions and channels are renewed: they last 300 s and 600 s (RFC 8656, sections 9 and 12). */
  readonly renewMs: number
}

export interface RequestTemplate {
  /** The check that it is taken from. */
  readonly name: string
  readonly weight: number
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** Codes and classes that are good: 200, "2xx". */
  readonly statuses: readonly (number | string)[]
}
