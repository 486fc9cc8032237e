import {z} from 'zod'

/** What a generator costs on this machine, with sockets whose dialect is the least there is. */
export const calibrationSchema = z.object({
  schema: z.literal(1),
  /** When it was measured: ISO 8601. */
  at: z.string(),
  k6: z.string(),
  cores: z.number(),
  /** Memory of a process without sockets, and of each socket more. */
  baseBytes: z.number(),
  socketBytes: z.number(),
  /** Of one core. */
  connectCpuMs: z.number(),
  roundTripCpuMs: z.number(),
})
export type Calibration = z.output<typeof calibrationSchema>

/** What one run used. */
export interface MeasuredRun {
  readonly sockets: number
  readonly trips: number
  readonly cpuMs: number
  readonly peakBytes: number
}

/** From three runs: a few sockets, many, and the few with many round trips. */
export function costsOf(
  few: MeasuredRun,
  many: MeasuredRun,
  busy: MeasuredRun,
): Pick<Calibration, 'baseBytes' | 'socketBytes' | 'connectCpuMs' | 'roundTripCpuMs'> {
  const more = many.sockets - few.sockets
  const socketBytes = Math.max(0, many.peakBytes - few.peakBytes) / more
  return {
    baseBytes: Math.round(Math.max(0, few.peakBytes - few.sockets * socketBytes)),
    socketBytes: Math.round(socketBytes),
    connectCpuMs: Math.max(0, many.cpuMs - few.cpuMs) / more,
    roundTripCpuMs: Math.max(0, busy.cpuMs - few.cpuMs) / Math.max(1, busy.trips - few.trips),
  }
}

export interface Machine {
  readonly cores: number
  readonly availableBytes: number
  /** Local ports towards one target, and open files of a process. */
  readonly ports: number
  readonly files: number
}

/** What it can drive, one at a time, within the limits in which a generator is believed. */
export interface Capacity {
  readonly sockets: number
  readonly limitedBy: 'memory' | 'ports' | 'files'
  readonly connectsPerSecond: number
  readonly roundTripsPerSecond: number
}

/** As the gates of a drill have them. */
const HEADROOM = {cpu: 0.8, memory: 0.9, files: 0.9}

export function capacityOf(
  {baseBytes, socketBytes, connectCpuMs, roundTripCpuMs}: Calibration,
  {cores, availableBytes, ports, files}: Machine,
): Capacity {
  const limits = [
    ['memory', (HEADROOM.memory * availableBytes - baseBytes) / Math.max(1, socketBytes)],
    ['ports', ports],
    ['files', HEADROOM.files * files],
  ] as const
  const [limitedBy, sockets] = [...limits].sort(([, a], [, b]) => a - b)[0] ?? limits[0]
  const perSecond = (cpuMs: number) => Math.floor((HEADROOM.cpu * cores * 1000) / Math.max(0.001, cpuMs))
  return {
    sockets: Math.max(0, Math.floor(sockets)),
    limitedBy,
    connectsPerSecond: perSecond(connectCpuMs),
    roundTripsPerSecond: perSecond(roundTripCpuMs),
  }
}
