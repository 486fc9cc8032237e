import {missingPeak, product, type Dimension, type Peak} from './peak.ts'
import {POLLING_REQUESTS} from '../load/polling.ts'
import {sizeRelays, type AskedPackets, type RelaySize} from './relay-size.ts'
import type {LoadKind} from './scenarios.ts'

/** One dimension of the full load, and why it is so much. */
export interface SizedDimension {
  readonly dimension:
    | Dimension
    | 'connect_requests_per_second'
    | 'round_trip_interval_ms'
    | 'session_ms'
    | 'packets_per_second'
    | 'packet_bytes'
  readonly value: number
  readonly why: string
  /** Nobody says so: it was derived, or is ours. */
  readonly assumed: boolean
}

export interface SocketSize {
  readonly connections: number
  readonly sessions: number
  readonly connectsPerSecond: number
  readonly messagesPerSecond: number
  /** HTTP requests on the way to a socket, in the mean: the dialect's own, and those of polling. */
  readonly requestsPerConnect: number
  readonly intervalMs: number
  readonly lifeMs: number
  /** The share of sessions that begin by polling, where some do. */
  readonly polling?: number
}

export type RequestSize =
  | {readonly model: 'open'; readonly perSecond: number}
  | {readonly model: 'closed'; readonly vus: number; readonly thinkMs: number}

export interface Sizing {
  readonly dimensions: readonly SizedDimension[]
  readonly sockets?: SocketSize
  readonly requests?: RequestSize
  readonly relays?: RelaySize
}

export interface SizingInput {
  readonly profile: string
  readonly peak: Peak
  readonly factor: number
  readonly kinds: readonly LoadKind[]
  /** Clients of one session of the dialect. */
  readonly clients: 1 | 2
  /** HTTP requests that they make before they connect, all together. */
  readonly asked?: number | undefined
  /** The share of sessions that begin by polling. */
  readonly polling?: number | undefined
  /** Overrules the derived ones. */
  readonly intervalMs?: number | undefined
  readonly lifeMs?: number | undefined
  /** Of a relayed call. */
  readonly packets?: AskedPackets | undefined
}

/** What is assumed where no document says it. */
const INTERVAL_MS = 10_000
const LIFE_MS = 60_000
const THINK_MS = 1000

/** The full load of a drill: the peak times the factor in each dimension, the others derived from these. Throws UserError. */
export function sizeOf(input: SizingInput): Sizing {
  const {kinds} = input
  const socketSize = kinds.includes('sockets') ? sizeSockets(input) : undefined
  const requestSize = kinds.includes('requests') ? sizeRequests(input) : undefined
  const relaySize = kinds.includes('relays') ? sizeRelays(input) : undefined
  return {
    dimensions: [socketSize, requestSize, relaySize].flatMap((one) => one?.dimensions ?? []),
    ...(socketSize && {sockets: socketSize.size}),
    ...(requestSize && {requests: requestSize.size}),
    ...(relaySize && {relays: relaySize.size}),
  }
}

function sizeSockets(input: SizingInput): {size: SocketSize; dimensions: SizedDimension[]} {
  const {profile, peak, factor, clients, asked = 0, polling = 0} = input
  if (!peak.connections) throw missingPeak(profile, 'connections')
  const sessions = Math.max(1, Math.round((peak.connections.value * factor) / clients))
  const connections = sessions * clients
  const life = lifeOf(input, connections)
  const interval = intervalOf(input, sessions)
  const connectsPerSecond = (connections / life.value) * 1000
  const messagesPerSecond = (sessions / interval.value) * 1000
  const connects = peak.connects_per_second
  const messages = peak.messages_per_second
  return {
    size: {
      connections,
      sessions,
      connectsPerSecond,
      messagesPerSecond,
      requestsPerConnect: asked / clients + polling * POLLING_REQUESTS,
      intervalMs: interval.value,
      lifeMs: life.value,
      ...(polling > 0 && {polling}),
    },
    dimensions: [
      {dimension: 'connections', value: connections, why: product(peak, 'connections', factor), assumed: false},
      connects && input.lifeMs === undefined
        ? {
            dimension: 'connects_per_second',
            value: connectsPerSecond,
            why: product(peak, 'connects_per_second', factor),
            assumed: false,
          }
        : {dimension: 'connects_per_second', value: connectsPerSecond, why: 'connections / session', assumed: true},
      ...connectRequests({asked, polled: polling * clients * POLLING_REQUESTS}, sessions / life.value),
      messages && input.intervalMs === undefined
        ? {
            dimension: 'messages_per_second',
            value: messagesPerSecond,
            why: product(peak, 'messages_per_second', factor),
            assumed: false,
          }
        : {dimension: 'messages_per_second', value: messagesPerSecond, why: 'sessions / interval', assumed: true},
      interval,
      life,
    ],
  }
}

/** HTTP requests on the way to the sockets: no peak of their own, as nobody connects without. */
function connectRequests(
  {asked, polled}: {readonly asked: number; readonly polled: number},
  sessionsPerMs: number,
): SizedDimension[] {
  if (asked + polled === 0) return []
  const value = (asked + polled) * sessionsPerMs * 1000
  const why = [
    ...(asked > 0 ? [`${asked} of each session, before it connects`] : []),
    ...(polled > 0 ? [`${POLLING_REQUESTS} of each client that begins by polling`] : []),
  ].join(', ')
  return [{dimension: 'connect_requests_per_second', value, why, assumed: true}]
}

/** Little's law: the number at once is the rate of arrivals times how long each stays. */
function lifeOf({peak, factor, lifeMs}: SizingInput, connections: number): SizedDimension {
  const dimension = 'session_ms'
  if (lifeMs !== undefined) return {dimension, value: lifeMs, why: 'given', assumed: false}
  const connects = peak.connects_per_second
  if (!connects) return {dimension, value: LIFE_MS, why: 'how long a session lasts', assumed: true}
  const value = (connections / (connects.value * factor)) * 1000
  return {dimension, value, why: 'connections / connects_per_second', assumed: true}
}

function intervalOf({peak, factor, intervalMs}: SizingInput, sessions: number): SizedDimension {
  const dimension = 'round_trip_interval_ms'
  if (intervalMs !== undefined) return {dimension, value: intervalMs, why: 'given', assumed: false}
  const messages = peak.messages_per_second
  if (!messages) return {dimension, value: INTERVAL_MS, why: 'one round trip of a session to the next', assumed: true}
  const value = (sessions / (messages.value * factor)) * 1000
  return {dimension, value, why: 'sessions / messages_per_second', assumed: true}
}

function sizeRequests({profile, peak, factor}: SizingInput): {size: RequestSize; dimensions: SizedDimension[]} {
  const rate = peak.requests_per_second
  if (rate) {
    const perSecond = rate.value * factor
    const why = product(peak, 'requests_per_second', factor)
    return {
      size: {model: 'open', perSecond},
      dimensions: [{dimension: 'requests_per_second', value: perSecond, why, assumed: false}],
    }
  }
  if (!peak.vus) throw missingPeak(profile, 'requests_per_second')
  const vus = Math.max(1, Math.round(peak.vus.value * factor))
  return {
    size: {model: 'closed', vus, thinkMs: THINK_MS},
    dimensions: [{dimension: 'vus', value: vus, why: product(peak, 'vus', factor), assumed: false}],
  }
}
