import {spawn, spawnSync} from 'node:child_process'
import {once} from 'node:events'
import {existsSync} from 'node:fs'
import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {k6Arguments} from '../src/drill/k6/arguments.ts'
import {generatorEnvironment} from '../src/drill/k6/generate.ts'
import {k6Environment} from '../src/drill/k6/environment.ts'
import {startK6} from '../src/drill/k6/process.ts'
import {readSummary} from '../src/drill/k6/summary.ts'
import {measures} from '../src/load/measures.ts'
import type {Workload} from '../src/load/workload.ts'
import {socketLoad} from '../test/fixtures/socket-load.ts'
import {need} from '../test/setup/need.ts'
import {usageOf, type Usage} from './process-usage.ts'

/** So many sessions, each with a round trip at an interval. */
export interface Load {
  readonly url: string
  readonly sockets: number
  readonly socketsPerVu: number
  readonly intervalMs: number
  readonly rampMs: number
  readonly endMs: number
}

export interface Run extends Usage {
  readonly trips: number
  readonly p50: number
  readonly p99: number
}

const root = join(import.meta.dirname, '..')

/** Our scenario, as a drill starts it. */
export function ours(load: Load): Promise<Run> {
  return inFolder((folder) => {
    const summary = {PROBE_DRILL_SUMMARY: join(folder, 'summary.json')}
    const script = join(root, 'dist', 'scenarios', 'drill.js')
    const env = generatorEnvironment({workload: workloadOf(load), env: process.env, script}, summary)
    const record = join(folder, 'record')
    return k6Run(folder, {
      args: k6Arguments({script, address: '127.0.0.1:0', record, durationMs: load.endMs, outputs: [], extra: []}),
      env,
    })
  })
}

/** The least that k6 can do the same with, under its own defaults. */
export function bare({url, sockets, socketsPerVu, intervalMs, rampMs, endMs}: Load): Promise<Run> {
  return inFolder((folder) => {
    const told = {url: frameUrl(url), vus: sockets / socketsPerVu, socketsPerVu, intervalMs, startMs: rampMs, endMs}
    const env = k6Environment(process.env, {
      BARE: JSON.stringify(told),
      PROBE_DRILL_SUMMARY: join(folder, 'summary.json'),
    })
    const args = ['run', '--quiet', '--no-color', '--address=127.0.0.1:0', join(root, 'bench', 'drill-bare.js')]
    return k6Run(folder, {args, env})
  })
}

/** Artillery's Socket.IO engine, as many sockets and about as many round trips. */
export function artillery({url, sockets, intervalMs, rampMs, endMs}: Load): Promise<Usage & {readonly trips: number}> {
  const home = join(root, 'tools', 'artillery')
  if (!existsSync(join(home, 'node_modules'))) {
    console.error('installing Artillery (some minutes, once)')
    const done = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {cwd: home, stdio: 'inherit'})
    if (done.status !== 0) throw new Error('Artillery could not be installed')
  }
  return inFolder(async (folder) => {
    const flow = [
      {emit: {channel: 'echo', data: 'probe'}, acknowledge: {match: {value: 'probe'}}},
      {think: `${intervalMs}ms`},
    ]
    const seconds = Math.round(rampMs / 1000) // it takes whole ones
    const script = {
      config: {
        target: url,
        phases: [{duration: seconds, arrivalCount: sockets}],
        socketio: {transports: ['websocket']},
      },
      scenarios: [{engine: 'socketio', flow: [{loop: flow, count: Math.floor((endMs - rampMs) / intervalMs)}]}],
    }
    const [file, report] = [join(folder, 'artillery.json'), join(folder, 'report.json')]
    await writeFile(file, JSON.stringify(script))
    const bin = join(home, 'node_modules', 'artillery', 'bin', 'run')
    const child = spawn(process.execPath, [bin, 'run', '--quiet', '--output', report, file], {
      env: {...process.env, ARTILLERY_DISABLE_TELEMETRY: 'true'},
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    const usage = await usageOf(child.pid ?? 0, once(child, 'exit'))
    const {aggregate} = JSON.parse(await readFile(report, 'utf8')) as {
      aggregate: {counters: Readonly<Record<string, number>>; summaries: Readonly<Record<string, {count: number}>>}
    }
    return {...usage, trips: aggregate.summaries['socketio.response_time']?.count ?? 0}
  })
}

async function k6Run(
  folder: string,
  {args, env}: {readonly args: readonly string[]; readonly env: Readonly<Record<string, string>>},
): Promise<Run> {
  const lines: string[] = []
  const k6 = startK6({path: need('k6'), version: ''}, {args, env, cwd: folder, onLog: (line) => lines.push(line)})
  const usage = await usageOf(k6.pid, k6.ended).finally(() => k6.kill())
  const summary = await readFile(join(folder, 'summary.json'), 'utf8').catch(() => undefined)
  if (summary === undefined) throw new Error(`k6 left no summary: ${lines.slice(-5).join('\n')}`)
  const {
    count = 0,
    'p(50)': p50 = Number.NaN,
    'p(99)': p99 = Number.NaN,
  } = readSummary(summary).trend(measures.rttMs) ?? {}
  return {...usage, trips: count, p50, p99}
}

async function inFolder<Result>(run: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-drill-'))
  return run(folder).finally(() => rm(folder, {recursive: true, force: true}))
}

/** A drill of the ready dialect `socketio-echo`, judged by two bounds of its latency and two of its errors. */
function workloadOf({url, sockets, socketsPerVu, intervalMs, rampMs, endMs}: Load): Workload {
  const dialect = {
    transport: {kind: 'socket.io'},
    roundTrip: {kind: 'ack', send: {event: 'echo', args: ['{id}']}, ack: {where: {'$[0]': '{id}'}}},
  }
  const bound = (metric: string, indicator: string, max?: number) => ({metric, indicator, ...(max && {max})})
  return {
    schema: 1,
    scenario: 'signaling',
    phases: [
      {name: 'ramp', startMs: 0, endMs: rampMs, from: 0, to: 1, judged: false},
      {name: 'steady', startMs: rampMs, endMs, from: 1, to: 1, judged: true},
    ],
    bounds: [
      bound('slo_latency_target', 'signaling_rtt', 200),
      bound('slo_latency_alert', 'signaling_rtt', 500),
      bound('slo_errors_target', 'operation'),
      bound('slo_errors_alert', 'operation'),
    ],
    userAgent: 'rtc-probe (bench)',
    insecure: false,
    sockets: {
      ...socketLoad(url, dialect),
      sessions: sockets,
      vus: sockets / socketsPerVu,
      intervalMs,
      lifeMs: 10 * endMs, // the first lives end after a fifth of it: none of them here
      roundTripTimeoutMs: 1000,
      marginMs: 1000,
    },
  }
}

function frameUrl(url: string): string {
  return `${url.replace(/^http/, 'ws')}/socket.io/?EIO=4&transport=websocket`
}
