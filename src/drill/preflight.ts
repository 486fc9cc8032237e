import {execFile} from 'node:child_process'
import {readFile, statfs} from 'node:fs/promises'
import {dirname} from 'node:path'
import {promisify} from 'node:util'
import {CannotMeasure, UserError} from '../core/errors.ts'
import type {Generator} from './generator.ts'
import {isLaidDown} from './kill-file.ts'
import type {Resources} from './resources.ts'

export interface Preflight {
  readonly generator: Pick<Generator, 'check' | 'remedies'>
  readonly resources: Resources
  /** Where the report goes. */
  readonly out: string
  readonly killFile: string
}

/** Reports are small; a full disk would lose the drill at its end. */
const DISK_BYTES = 100_000_000

/** Everything that would spoil a drill and can be known before it begins. Throws UserError or CannotMeasure, and starts nothing. */
export async function preflight({generator, resources, out, killFile}: Preflight): Promise<void> {
  await refuseKillFile(killFile)
  await checkDisk(out)
  await checkMachine(resources, generator.remedies)
  await generator.check()
}

async function refuseKillFile(file: string): Promise<void> {
  if (await isLaidDown(file))
    throw new UserError(`the kill file ${file} is there: no drill may run`, 'remove it when drills may run again')
}

async function checkDisk(out: string): Promise<void> {
  const {bavail, bsize} = await existing(out)
  if (bavail * bsize >= DISK_BYTES) return
  const free = Math.round((bavail * bsize) / 1e6)
  throw new CannotMeasure(
    `expected ${DISK_BYTES / 1e6} MB of free disk for the report, got ${free} MB`,
    'make room, or name another folder with --out',
  )
}

/** Of the folder, or of the first above it that exists. */
async function existing(path: string): Promise<{readonly bavail: number; readonly bsize: number}> {
  try {
    return await statfs(path)
  } catch (error) {
    const above = dirname(path)
    if (above === path) throw error
    return existing(above)
  }
}

async function checkMachine({fds, ports, memoryBytes}: Resources, remedies: Generator['remedies']): Promise<void> {
  const limit = await hardFileLimit()
  if (fds > limit) {
    throw new CannotMeasure(
      `this drill needs ${fds} open files, and the hard limit is ${limit}`,
      'raise it (ulimit -Hn), or drive the load from more machines',
    )
  }
  const range = await portRange()
  if (ports > range) {
    throw new CannotMeasure(
      `this drill needs ${ports} local ports towards its target, and there are ${range}`,
      remedies.ports,
    )
  }
  const available = process.availableMemory()
  if (memoryBytes > available) {
    const [needed, there] = [memoryBytes, available].map((bytes) => Math.round(bytes / 1e6))
    throw new CannotMeasure(`this drill needs about ${needed} MB of memory, and ${there} MB are free`, remedies.memory)
  }
}

/** k6 and Node raise the soft limit to the hard one by themselves. */
export async function hardFileLimit(): Promise<number> {
  const {stdout} = await promisify(execFile)('sh', ['-c', 'ulimit -Hn'])
  const limit = Number(stdout)
  return Number.isNaN(limit) ? Infinity : limit // "unlimited"
}

export async function portRange(): Promise<number> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '49152 65535') // RFC 6335
  const [from = 0, to = 0] = text.trim().split(/\s+/).map(Number)
  return to - from + 1
}
