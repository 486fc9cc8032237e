import {createWriteStream} from 'node:fs'
import {readFile, rm, writeFile} from 'node:fs/promises'
import {createServer, type AddressInfo} from 'node:net'
import {dirname, join} from 'node:path'
import type {DrillEnd} from '../../core/drill-result.ts'
import type {Workload} from '../../load/workload.ts'
import type {Generated, LoadSettings} from '../generator.ts'
import {k6Arguments} from './arguments.ts'
import {k6Environment} from './environment.ts'
import {crashOf} from './exit.ts'
import type {K6} from './find.ts'
import {readK6Log} from './log.ts'
import {startK6} from './process.ts'
import {readSummary} from './summary.ts'
import {supervise, type Supervised} from './supervise.ts'
import {garbage, thriftOf, type Thrift} from './thrift.ts'
import type {Measured} from '../measured.ts'
import type {Segment} from '../side-by-side.ts'
import {watchK6} from './watch.ts'

export interface GenerateSettings extends LoadSettings {
  readonly k6: K6
  readonly script: string
  readonly workload: Workload
  readonly env: Readonly<Record<string, string | undefined>>
  /** PEM of the authority to trust instead of the system's. */
  readonly ca?: string | undefined
  readonly outputs: readonly string[]
  readonly extra: readonly string[]
  /** Its part of the load, where it has not all of it. */
  readonly segment?: Segment | undefined
  /** By the number of its sessions, unless told. */
  readonly thrift?: Thrift | undefined
  /** What it may take beyond the plan, and between asking it to end and ending it. */
  readonly patience?: {readonly slackMs: number; readonly graceMs: number}
}

/** To begin, and to cut off what does not end by itself; and to make each virtual user. */
const usualPatience = {slackMs: 30_000, graceMs: 10_000}
const MAKE_VU_MS = 50
const LOG_LINES = 5000

/** The environment of k6 for a workload: `inspect` and `run` must see the same. */
export function generatorEnvironment(
  {
    workload,
    env,
    script,
    thrift = thriftOf(workload.sockets?.sessions ?? 0),
  }: Pick<GenerateSettings, 'workload' | 'env' | 'script' | 'thrift'>,
  extra: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return k6Environment(env, {
    PROBE_DRILL_WORKLOAD: JSON.stringify(workload),
    GOGC: String(garbage[thrift]),
    // Empty, in place of the one that a user may have in his home: its options would hold in every drill.
    K6_CONFIG: join(dirname(script), 'k6-config.json'),
    ...extra,
  })
}

/** Runs k6 to its end, watched and bounded. Whatever becomes of it, no process is left. */
export async function generate(settings: GenerateSettings): Promise<Generated> {
  const {k6, workload, folder, durationMs, signal, patience: {slackMs, graceMs} = usualPatience} = settings
  const summaryFile = join(folder, 'k6-summary.json')
  const record = join(folder, '.k6-record.ndjson')
  const authority = join(folder, '.ca.pem')
  if (settings.ca !== undefined) await writeFile(authority, settings.ca)
  const address = `127.0.0.1:${await freePort()}`
  const log = readK6Log()
  const logFile = createWriteStream(join(folder, 'k6.log')).on('error', () => {}) // a full disk shows in the report itself
  let lines = 0
  const spawnedAt = Date.now()
  let startedAt = Infinity
  const process = startK6(k6, {
    args: k6Arguments({...settings, address, record}),
    env: generatorEnvironment(settings, {
      PROBE_DRILL_SUMMARY: summaryFile,
      ...(settings.ca !== undefined && {SSL_CERT_FILE: authority}),
    }),
    cwd: folder,
    onLog(line) {
      log.line(line)
      if (lines++ < LOG_LINES) logFile.write(`${line}\n`)
    },
  })
  let stopped: Extract<DrillEnd, {message: string}> | undefined
  const stop = new AbortController()
  const watch = watchK6({
    workload,
    pid: process.pid,
    address,
    record,
    killFile: settings.killFile,
    cores: settings.cores,
    onPoint(point) {
      startedAt = Math.min(startedAt, Date.now() - point.ms) // a report comes late, never early
      settings.onPoint(point)
    },
    onStop(kind, message) {
      stopped ??= {kind, message}
      stop.abort()
    },
  })
  try {
    const ended = await supervise(process, {
      limitMs: durationMs + slackMs + madeAhead(workload) * MAKE_VU_MS,
      graceMs,
      signal: AbortSignal.any([signal, stop.signal]),
    })
    await watch.finish()
    const asked = stopped ?? (signal.aborted ? ({kind: 'interrupted', message: 'interrupted'} as const) : undefined)
    return {
      end: endOf(ended, asked, log.read.lastError),
      startedAt: Math.max(spawnedAt, Number.isFinite(startedAt) ? startedAt : 0), // by the first second that k6 told of
      measured: await summaryOf(summaryFile),
      series: watch.series,
      fds: watch.fds,
      exceptions: log.read.exceptions,
      failures: log.read.failures,
    }
  } finally {
    process.kill()
    logFile.end()
    await Promise.all([record, authority].map((file) => rm(file, {force: true})))
  }
}

/** Virtual users that are made before the load begins. */
function madeAhead({sockets, requests}: Workload): number {
  return (sockets?.vus ?? 0) + (requests?.vus ?? 0)
}

function endOf(ended: Supervised, asked: DrillEnd | undefined, said: string | undefined): DrillEnd {
  if (ended.stopped === 'late') {
    const how = ended.killed ? 'ignored the request to end, and was killed' : 'was asked to end'
    return {kind: ended.killed ? 'killed' : 'late', message: `k6 ran on past the end of the drill, ${how}`}
  }
  if (ended.killed) return {kind: 'killed', message: `k6 did not end when it was asked to, and was killed`}
  if (asked) return asked
  const crash = crashOf(ended, said)
  return crash === undefined ? {kind: 'completed'} : {kind: 'crashed', message: crash}
}

async function summaryOf(file: string): Promise<Measured | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined) // it did not live to write it
  return text === undefined ? undefined : readSummary(text)
}

/** k6 takes no port 0: it would not tell which one it got. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const {port} = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })
}
