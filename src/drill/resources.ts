import {availableParallelism} from 'node:os'
import {UserError} from '../core/errors.ts'
import {phaseAt, type LoadPhase} from '../load/curve.ts'
import type {Calibration, Costs} from './calibrate/calibration.ts'
import {memoryTimes, thriftOf} from './k6/thrift.ts'
import {judgedArea} from '../load/timetable.ts'
import {busiestCores, relayCores} from './processor.ts'
import type {RelaySize} from './relay-size.ts'
import type {Sizing, SocketSize} from './sizing.ts'

/** What the generator is expected to need: for a plan and for the preflight, before anything is started. */
export interface Resources {
  /** Virtual users of k6, those of requests at most; of relays the worker threads. */
  readonly vus: number
  readonly processes: number
  readonly socketsPerVu: number
  /** Local ports towards one target at once. */
  readonly ports: number
  readonly fds: number
  readonly memoryBytes: number
  /** Cores that the busiest judged time keeps busy. */
  readonly cores: number
  /** When this machine was calibrated, if memory and cores come from that: ISO 8601. */
  readonly calibratedAt?: string
  readonly bytesSent: number
  readonly bytesReceived: number
}

export interface Means {
  readonly socketsPerVu?: number | undefined
  readonly processes?: number | undefined
  /** Of this machine, where it has one. */
  readonly calibration?: (Costs & Pick<Calibration, 'at'>) | undefined
}

/** Measured with k6 2.2 and Socket.IO, fifty sockets to a virtual user, GOGC=50, on two cores of a server; TLS adds a fifth. */
const documented: Costs = {
  baseBytes: 50_000_000,
  socketBytes: 100_000,
  idleCpuMs: 20,
  connectCpuMs: 3,
  roundTripCpuMs: 0.5,
  requestCpuMs: 1,
}
const REQUEST_VU_BYTES = 400_000
/** Its REST address, its files, its listeners. */
const BASE_FDS = 60
/** Frames with their headers; a connect is the upgrade and the namespace. */
const CONNECT_BYTES = {sent: 700, received: 500}
const TRIP_BYTES = {sent: 300, received: 300}
const REQUEST_BYTES = {sent: 200, received: 600}
/**
 * k6 keeps every value that it measured to the end: in the metric, again in the record, and those of ours in their phase
 * too. Measured with three million of them; a request has seven metrics of k6's own.
 */
const VALUE_BYTES = 33
const VALUES = {connect: 10, trip: 3, request: 17}
/** How long an answer is waited for at most decides how many requests are under way at once. */
const SECONDS_UNDER_WAY = 5

export function resourcesOf(
  sizing: Sizing,
  phases: readonly LoadPhase[],
  {socketsPerVu: asked, processes = 1, calibration}: Means,
): Resources {
  if (sizing.relays) return relayResources(sizing.relays, areaOf(phases) / 1000)
  const costs = calibration ?? documented
  const {baseBytes, socketBytes} = costs
  const {sockets, requests} = sizing
  const thrift = thriftOf(sockets?.sessions ?? 0)
  const socketsPerVu = asked ?? usualSocketsPerVu(sockets, processes)
  const seconds = areaOf(phases) / 1000
  const connects = sockets ? sockets.connections + sockets.connectsPerSecond * seconds : 0
  const trips = sockets ? sockets.messagesPerSecond * seconds : 0
  const requestVus = requests ? maxRequestVus(requests) : 0
  const before = connects * (sockets?.requestsPerConnect ?? 0)
  const listed = requests ? (requests.model === 'open' ? requests.perSecond : requests.vus) * seconds : 0
  const connections = sockets?.connections ?? 0
  const bytes = (way: 'sent' | 'received') =>
    Math.round(connects * CONNECT_BYTES[way] + trips * TRIP_BYTES[way] + (before + listed) * REQUEST_BYTES[way])
  const holders = socketVus(sizing, socketsPerVu)
  const vus = [holders, requestVus].filter((count) => count > 0)
  if (vus.some((count) => count < processes)) {
    throw new UserError(
      `--processes: expected at most ${Math.min(...vus)}, as there are so many virtual users, got ${processes}`,
      'give fewer processes, or fewer sockets to a virtual user (--sockets-per-vu)',
    )
  }
  return {
    vus: vus.reduce((all, count) => all + count, 0),
    processes,
    socketsPerVu,
    ports: connections + requestVus,
    fds: Math.ceil(connections * largestShare(holders, processes) + requestVus / processes) + BASE_FDS,
    memoryBytes: Math.round(
      memoryTimes[thrift] * (processes * baseBytes + connections * socketBytes + requestVus * REQUEST_VU_BYTES) +
        VALUE_BYTES * (connects * VALUES.connect + trips * VALUES.trip + (before + listed) * VALUES.request),
    ),
    cores: busiestCores(sizing, phases, costs),
    bytesSent: bytes('sent'),
    bytesReceived: bytes('received'),
    ...(calibration && {calibratedAt: calibration.at}),
  }
}

/** A third of what a second of CPU is good for: the rest is for lateness. */
const PACKETS_PER_WORKER = 5000
const WORKER_BYTES = 40_000_000
const CALL_BYTES = 60_000
/** ChannelData in UDP in IP. */
const PACKET_HEADERS = 4 + 8 + 20

function relayResources({calls, intervalMs, size}: RelaySize, seconds: number): Resources {
  const workers = workersOf({calls, intervalMs})
  const bytes = Math.round((2 * calls * (size + PACKET_HEADERS) * seconds * 1000) / intervalMs)
  return {
    vus: workers,
    processes: 1,
    socketsPerVu: Math.ceil((2 * calls) / workers),
    ports: 2 * calls,
    fds: 2 * calls + BASE_FDS,
    memoryBytes: documented.baseBytes + workers * WORKER_BYTES + calls * CALL_BYTES,
    cores: relayCores({calls, intervalMs}),
    bytesSent: bytes,
    bytesReceived: bytes,
  }
}

/** No more threads than the packets need, nor than there are cores. */
export function workersOf({calls, intervalMs}: Pick<RelaySize, 'calls' | 'intervalMs'>): number {
  const needed = Math.ceil((calls * 1000) / intervalMs / PACKETS_PER_WORKER)
  return Math.max(1, Math.min(needed, calls, availableParallelism()))
}

/** Of the process that has the most of so many virtual users: k6 hands out whole ones. */
function largestShare(vus: number, processes: number): number {
  return vus === 0 ? 0 : Math.ceil(vus / processes) / vus
}

const FEW_SOCKETS = 50
/** From so many sessions on twice as many share a loop and its beats. */
const SOME_SESSIONS = 1000
/** A virtual user is one loop, which takes one core at most: with so many round trips a fifth of it, and five share a beat. */
const TRIPS_PER_VU = 500

/** A virtual user takes as much memory as twenty sockets, and its beat as much time as a round trip: many share one. */
export function usualSocketsPerVu(
  sockets: Pick<SocketSize, 'connections' | 'sessions' | 'messagesPerSecond'> | undefined,
  processes = 1,
): number {
  if (!sockets) return FEW_SOCKETS
  const {connections, sessions, messagesPerSecond} = sockets
  const usual = thriftOf(sessions) === 'memory' ? 400 : sessions >= SOME_SESSIONS ? 200 : 100
  const most = Math.min(usual, (TRIPS_PER_VU * connections) / messagesPerSecond, connections / processes)
  return Math.max(FEW_SOCKETS, Math.floor(most))
}

/** A session's clients share a virtual user. */
export function socketVus({sockets}: Sizing, socketsPerVu: number): number {
  return sockets ? Math.min(sockets.sessions, Math.ceil(sockets.connections / socketsPerVu)) : 0
}

export function maxRequestVus(requests: NonNullable<Sizing['requests']>): number {
  return requests.model === 'closed' ? requests.vus : Math.max(10, Math.ceil(requests.perSecond * SECONDS_UNDER_WAY))
}

export function durationOf(phases: readonly LoadPhase[]): number {
  return phaseAt(phases, Infinity)?.endMs ?? 0
}

function areaOf(phases: readonly LoadPhase[]): number {
  return judgedArea(phases.map((phase) => ({...phase, judged: true})))
}
