import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {availableParallelism} from 'node:os'
import {promisify} from 'node:util'

/** What there is on the machine that makes a load. */
export interface Machine {
  readonly cores: number
  /** Memory that is free, or left to the container. */
  readonly availableBytes: number
  /** Local ports towards one target. */
  readonly ports: number
  /** Open files of a process. */
  readonly files: number
}

export async function thisMachine(): Promise<Machine> {
  return {
    cores: availableParallelism(),
    availableBytes: process.availableMemory(),
    ports: await portRange(),
    files: await hardFileLimit(),
  }
}

/** k6 and Node raise the soft limit to the hard one by themselves. */
async function hardFileLimit(): Promise<number> {
  const {stdout} = await promisify(execFile)('sh', ['-c', 'ulimit -Hn'])
  const limit = Number(stdout)
  return Number.isNaN(limit) ? Infinity : limit // "unlimited"
}

async function portRange(): Promise<number> {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '49152 65535') // RFC 6335
  const [from = 0, to = 0] = text.trim().split(/\s+/).map(Number)
  return to - from + 1
}
