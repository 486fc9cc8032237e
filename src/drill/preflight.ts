import {execFile} from 'node:child_process'
import {access, readFile, statfs} from 'node:fs/promises'
import {connect} from 'node:net'
import {dirname} from 'node:path'
import {promisify} from 'node:util'
import {CannotMeasure, UserError} from '../core/errors.ts'
import type {Target} from '../probes/probe.ts'
import {signalingAddress} from '../probes/signaling/options.ts'
import type {K6} from './k6/find.ts'
import type {Resources} from './resources.ts'

export interface Preflight {
  readonly k6: K6
  readonly script: string
  readonly env: Readonly<Record<string, string>>
  readonly resources: Resources
  readonly targets: readonly Target[]
  /** Where the report goes. */
  readonly out: string
  readonly killFile: string
}

/** Reports are small; a full disk would lose the drill at its end. */
const DISK_BYTES = 100_000_000
/** An async generator makes k6 spin for ever before it says a word. */
const INSPECT_MS = 20_000
const DIAL_MS = 5000

/** Everything that would spoil a drill and can be known before it begins. Throws UserError or CannotMeasure, and starts nothing. */
export async function preflight(checks: Preflight): Promise<void> {
  await refuseKillFile(checks.killFile)
  await checkDisk(checks.out)
  await checkMachine(checks.resources)
  await inspect(checks)
  await checkTargets(checks.targets)
}

async function refuseKillFile(file: string): Promise<void> {
  const exists = await access(file).then(
    () => true,
    () => false,
  )
  if (exists)
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

async function checkMachine({fds, ports, memoryBytes}: Resources): Promise<void> {
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
      'widen net.ipv4.ip_local_port_range, or give more addresses: --k6-arg=--local-ips=10.0.0.0/28',
    )
  }
  const available = process.availableMemory()
  if (memoryBytes > available) {
    const [needed, there] = [memoryBytes, available].map((bytes) => Math.round(bytes / 1e6))
    throw new CannotMeasure(
      `this drill needs about ${needed} MB of memory, and ${there} MB are free`,
      'put more sockets on a virtual user (--sockets-per-vu), or drive the load from more machines',
    )
  }
}

/** k6 raises the soft limit to the hard one by itself. */
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

async function inspect({k6, script, env}: Preflight): Promise<void> {
  try {
    await promisify(execFile)(k6.path, ['inspect', '--execution-requirements', '--include-system-env-vars', script], {
      env,
      timeout: INSPECT_MS,
      killSignal: 'SIGKILL',
      maxBuffer: 16 * 1024 * 1024,
    })
  } catch (cause) {
    const {stderr = ''} = cause as {stderr?: string}
    const said = stderr.trim().split('\n').at(-1) ?? ''
    throw new CannotMeasure(`k6 ${k6.version} does not take the scenario: ${said || 'it did not answer'}`, undefined, {
      cause,
    })
  }
}

async function checkTargets(targets: readonly Target[]): Promise<void> {
  for (const {address, display} of targets) {
    const {host, port} = signalingAddress.parse(address)
    const failure = await dialFailure(host, port)
    if (failure === undefined) continue
    throw new CannotMeasure(
      `${display} cannot be reached (${failure}): nothing was loaded`,
      'see "probe run" for the reason',
    )
  }
}

/** Why no connection comes about, or undefined when one does. */
function dialFailure(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({host, port, timeout: DIAL_MS})
    const end = (failure?: string) => {
      socket.destroy()
      resolve(failure)
    }
    socket.once('connect', () => end())
    socket.once('timeout', () => end(`no answer within ${DIAL_MS} ms`))
    socket.once('error', ({code, message}: NodeJS.ErrnoException) => end(code ?? message))
  })
}
