import {CPU_SHARE, FILES_SHARE} from './gates.ts'
import type {Machine} from './machine.ts'
import type {DrillPlan} from './plan.ts'

/** What a plan needs more of than this machine has, or may use while its figures are believed. */
export interface Shortage {
  readonly of: 'files' | 'ports' | 'memory' | 'cores'
  readonly message: string
  /** How to go on. */
  readonly hint: string
  /** Reckoned by figures of another machine: this one may do better, or worse. */
  readonly assumed: boolean
}

export interface ShortageLimits {
  /** Part of all cores; the gate's, where none is given. */
  readonly cpu?: number | undefined
  /** It has other local addresses than the usual one: how many ports these have is not known. */
  readonly localIps?: boolean
}

/** Why the machine cannot drive a plan, before it has tried. */
export function shortagesOf(
  {resources, sizing}: Pick<DrillPlan, 'resources' | 'sizing'>,
  machine: Machine,
  {cpu = CPU_SHARE, localIps = false}: ShortageLimits = {},
): Shortage[] {
  const {fds, ports, memoryBytes, cores, calibratedAt} = resources
  const files = Math.floor(machine.files * FILES_SHARE)
  const believed = machine.cores * cpu
  const remedies = sizing.relays ? ofCalls : ofK6
  const found: (Shortage | false)[] = [
    fds > files && {
      of: 'files',
      message: `this drill needs ${fds} open files, and ${percent(FILES_SHARE)} of the hard limit are ${files}`,
      hint: `raise it (ulimit -Hn), or ${elsewhere}`,
      assumed: false,
    },
    ports > machine.ports &&
      !localIps && {
        of: 'ports',
        message: `this drill needs ${ports} local ports towards its target, and there are ${machine.ports}`,
        hint: remedies.ports,
        assumed: false,
      },
    memoryBytes > machine.availableBytes && {
      of: 'memory',
      message: `this drill needs about ${megabytes(memoryBytes)} of memory, and ${megabytes(machine.availableBytes)} are free`,
      hint: remedies.memory,
      assumed: false,
    },
    cores > believed && {
      of: 'cores',
      message: `this drill needs about ${cores.toFixed(1)} cores, and its generator is believed up to ${believed.toFixed(1)} of ${machine.cores} (${percent(cpu)})`,
      hint: remedies.cores,
      assumed: calibratedAt === undefined,
    },
  ]
  return found.filter((one) => one !== false)
}

const elsewhere = 'drive the load from more machines'
const ofK6 = {
  ports: 'widen net.ipv4.ip_local_port_range, or give more addresses: --k6-arg=--local-ips=10.0.0.0/28',
  memory: `put more sockets on a virtual user (--sockets-per-vu), or ${elsewhere}`,
  cores: `load less (--factor, --peak), let sessions speak more seldom (--interval), or ${elsewhere}; "probe drill calibrate" measures what a load costs this one, and --max-cpu 1 tries it all the same`,
} as const
const ofCalls = {
  ports: `widen net.ipv4.ip_local_port_range, or ${elsewhere}`,
  memory: elsewhere,
  cores: `load less (--factor, --peak, --rate), or ${elsewhere}`,
} as const

function percent(share: number): string {
  return `${Math.round(share * 100)} %`
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}
