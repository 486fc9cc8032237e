import {z} from 'zod'
import {CPU_SHARE, FILES_SHARE, MEMORY_SHARE} from '../gates.ts'
import type {Machine} from '../machine.ts'

/** What a generator costs on this machine, with sockets whose dialect is the least there is. */
export const calibrationSchema = z.object({
  schema: z.literal(1),
  /** When it was measured: ISO 8601. */
  at: z.string(),
  k6: z.string(),
  /** Its processor and how many cores it has: what was measured holds for no other machine. */
  processor: z.string(),
  cores: z.number(),
  /** Memory of a process without sockets, and of each socket more. */
  baseBytes: z.number(),
  socketBytes: z.number(),
  /** Of one core: of each second without a load, and of each time. */
  idleCpuMs: z.number(),
  connectCpuMs: z.number(),
  roundTripCpuMs: z.number(),
  requestCpuMs: z.number(),
})
export type Calibration = z.output<typeof calibrationSchema>

export type Costs = Omit<Calibration, 'schema' | 'at' | 'k6' | 'processor' | 'cores'>

/** What one run did, and what it used for that. */
export interface MeasuredRun {
  readonly sockets: number
  readonly trips: number
  readonly requests: number
  readonly seconds: number
  readonly cpuMs: number
  readonly peakBytes: number
}

export interface MeasuredRuns {
  /** A few sockets, many, and the few with many round trips. */
  readonly few: MeasuredRun
  readonly many: MeasuredRun
  readonly busy: MeasuredRun
  /** No sockets. */
  readonly requests: MeasuredRun
}

export function costsOf({few, many, busy, requests}: MeasuredRuns): Costs {
  const more = many.sockets - few.sockets
  const socketBytes = Math.max(0, many.peakBytes - few.peakBytes) / more
  const connectCpuMs = Math.max(0, many.cpuMs - few.cpuMs) / more
  const idleCpuMs = Math.max(0, few.cpuMs - few.sockets * connectCpuMs) / few.seconds
  return {
    baseBytes: Math.round(Math.max(0, few.peakBytes - few.sockets * socketBytes)),
    socketBytes: Math.round(socketBytes),
    idleCpuMs,
    connectCpuMs,
    roundTripCpuMs: Math.max(0, busy.cpuMs - few.cpuMs) / Math.max(1, busy.trips - few.trips),
    requestCpuMs: Math.max(0, requests.cpuMs - requests.seconds * idleCpuMs) / Math.max(1, requests.requests),
  }
}

/** What it can drive, one at a time, within the limits in which a generator is believed. */
export interface Capacity {
  readonly sockets: number
  readonly limitedBy: 'memory' | 'ports' | 'files'
  readonly connectsPerSecond: number
  readonly roundTripsPerSecond: number
  readonly requestsPerSecond: number
}

export function capacityOf(
  {baseBytes, socketBytes, idleCpuMs, connectCpuMs, roundTripCpuMs, requestCpuMs}: Costs,
  {cores, availableBytes, ports, files}: Machine,
): Capacity {
  const limits = [
    ['memory', (MEMORY_SHARE * availableBytes - baseBytes) / Math.max(1, socketBytes)],
    ['ports', ports],
    ['files', FILES_SHARE * files],
  ] as const
  const [limitedBy, sockets] = [...limits].sort(([, a], [, b]) => a - b)[0] ?? limits[0]
  const availableMs = Math.max(0, CPU_SHARE * cores * 1000 - idleCpuMs)
  const perSecond = (cpuMs: number) => Math.floor(availableMs / Math.max(0.001, cpuMs))
  return {
    sockets: Math.max(0, Math.floor(sockets)),
    limitedBy,
    connectsPerSecond: perSecond(connectCpuMs),
    roundTripsPerSecond: perSecond(roundTripCpuMs),
    requestsPerSecond: perSecond(requestCpuMs),
  }
}
