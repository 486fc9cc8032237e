import {mkdtemp, rm} from 'node:fs/promises'
import {availableParallelism, tmpdir} from 'node:os'
import {join} from 'node:path'
import {CannotMeasure} from '../../core/errors.ts'
import {dialectSchema} from '../../dialect/schema.ts'
import {sum} from '../../core/stats.ts'
import {measures} from '../../load/measures.ts'
import type {Workload} from '../../load/workload.ts'
import {generate, type GenerateSettings} from '../k6/generate.ts'
import {costsOf, type Calibration, type MeasuredRun} from './calibration.ts'
import {thisProcessor} from './calibration-file.ts'
import {echoTarget} from './echo-target.ts'

export interface CalibrateSettings extends Pick<GenerateSettings, 'k6' | 'script' | 'env' | 'signal'> {
  readonly now: Date
  readonly onRun: (run: number, of: number) => void
}

const names = ['few', 'many', 'busy', 'requests'] as const
/** Nothing happens before: k6 is looked at once a second, and what it used to begin is no part of a load. */
const SETTLE_MS = 1500
const RAMP_MS = 2000
const RUN_MS = 6500
const TIMEOUT_MS = 2000
const SOCKETS_PER_VU = 50
/** So few send each at its own moment, as in most drills; more would share beats, and cost less. */
const BUSY_SOCKETS_PER_VU = 10
const REQUESTS_PER_SECOND = 200

/** Measures what k6 needs on this machine, in less than a minute on the loopback. Throws CannotMeasure. */
export async function calibrate({now, onRun, ...settings}: CalibrateSettings): Promise<Calibration> {
  const target = await echoTarget(settings.signal)
  const loads: Readonly<Record<(typeof names)[number], Workload>> = {
    few: holding(target.url, {sockets: 50, intervalMs: 60_000}),
    many: holding(target.url, {sockets: 550, intervalMs: 60_000}),
    busy: holding(target.url, {sockets: 50, intervalMs: 100, socketsPerVu: BUSY_SOCKETS_PER_VU}),
    requests: requesting(target.url),
  }
  try {
    const runs = {} as Record<(typeof names)[number], MeasuredRun>
    for (const [index, name] of names.entries()) {
      onRun(index + 1, names.length)
      runs[name] = await measure(settings, loads[name])
    }
    return {
      schema: 1,
      at: now.toISOString(),
      k6: settings.k6.version,
      ...thisProcessor(),
      ...costsOf(runs),
    }
  } finally {
    await target.close()
  }
}

async function measure(settings: Omit<CalibrateSettings, 'now' | 'onRun'>, workload: Workload): Promise<MeasuredRun> {
  const folder = await mkdtemp(join(tmpdir(), 'probe-calibrate-'))
  const cores = availableParallelism()
  try {
    const {end, series, measured} = await generate({
      ...settings,
      workload,
      folder,
      durationMs: RUN_MS,
      killFile: join(folder, 'STOP'),
      cores,
      outputs: [],
      extra: [],
      thrift: 'memory', // the costs are those of many sockets
      onPoint: () => {},
    })
    if (end.kind !== 'completed') throw new CannotMeasure(`the measurement came to no end: ${end.message}`)
    if (!measured || !series.some(({cpu}) => cpu !== null)) throw new CannotMeasure('k6 told nothing of what it used')
    const seconds = series.slice(1).map(({ms, cpu}, index) => ({ms: ms - (series[index]?.ms ?? 0), cpu: cpu ?? 0}))
    return {
      sockets: measured.counter(measures.ready),
      trips: measured.counter(measures.roundTrips),
      requests: measured.counter(measures.requests),
      seconds: sum(seconds.map(({ms}) => ms)) / 1000,
      cpuMs: sum(seconds.map(({ms, cpu}) => cpu * cores * ms)),
      peakBytes: Math.max(...series.map(({memoryBytes}) => memoryBytes ?? 0)),
    }
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

function loadOf(rest: Pick<Workload, 'sockets' | 'requests'>): Workload {
  return {
    schema: 1,
    scenario: 'calibrate',
    phases: [
      {name: 'settle', startMs: 0, endMs: SETTLE_MS, from: 0, to: 0, judged: false},
      {name: 'ramp', startMs: SETTLE_MS, endMs: SETTLE_MS + RAMP_MS, from: 0, to: 1, judged: false},
      {name: 'steady', startMs: SETTLE_MS + RAMP_MS, endMs: RUN_MS, from: 1, to: 1, judged: true},
    ],
    bounds: [],
    userAgent: 'rtc-probe (calibrate)',
    insecure: false,
    ...rest,
  }
}

function requesting(url: string): Workload {
  return loadOf({
    requests: {
      model: 'open',
      perSecond: REQUESTS_PER_SECOND,
      vus: 20,
      maxVus: 100,
      timeoutMs: TIMEOUT_MS,
      list: [{name: 'echo', weight: 1, method: 'GET', url, headers: {}, statuses: ['2xx']}],
      limiterIsFault: false,
    },
  })
}

interface Holding {
  readonly sockets: number
  readonly intervalMs: number
  readonly socketsPerVu?: number
}

function holding(url: string, {sockets, intervalMs, socketsPerVu = SOCKETS_PER_VU}: Holding): Workload {
  const dialect = dialectSchema.parse({
    transport: {kind: 'ws'},
    roundTrip: {kind: 'reply', send: {text: 'probe {id}'}, expect: {where: {$: 'probe {id}'}}},
  })
  return loadOf({
    sockets: {
      url: url.replace('http', 'ws'),
      dialect,
      headers: {},
      sdp: '',
      clients: 1,
      sessions: sockets,
      vus: Math.ceil(sockets / socketsPerVu),
      intervalMs,
      lifeMs: 2 * RUN_MS,
      connectTimeoutMs: TIMEOUT_MS,
      roundTripTimeoutMs: TIMEOUT_MS,
      matchTimeoutMs: TIMEOUT_MS,
      stepTimeoutMs: TIMEOUT_MS,
      retryMs: 1000,
      longestRetryMs: 5000,
      marginMs: 500,
      limiterIsFault: false,
    },
  })
}
