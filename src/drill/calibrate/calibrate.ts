import {mkdtemp, rm} from 'node:fs/promises'
import {availableParallelism, tmpdir} from 'node:os'
import {join} from 'node:path'
import {CannotMeasure} from '../../core/errors.ts'
import {dialectSchema} from '../../dialect/schema.ts'
import {measures} from '../../load/measures.ts'
import type {Workload} from '../../load/workload.ts'
import {generate, type GenerateSettings} from '../k6/generate.ts'
import {costsOf, type Calibration, type MeasuredRun} from './calibration.ts'
import {echoTarget} from './echo-target.ts'

export interface CalibrateSettings extends Pick<GenerateSettings, 'k6' | 'script' | 'env' | 'signal'> {
  readonly now: Date
  readonly onRun: (run: number, of: number) => void
}

/** Sockets, and milliseconds from one round trip of each to the next. */
const runs = [
  [50, 60_000],
  [550, 60_000],
  [50, 100],
] as const
const RAMP_MS = 2000
const RUN_MS = 8000
const TIMEOUT_MS = 2000
const SOCKETS_PER_VU = 50

/** Measures what k6 needs on this machine, in half a minute on the loopback. Throws CannotMeasure. */
export async function calibrate({now, onRun, ...settings}: CalibrateSettings): Promise<Calibration> {
  const target = await echoTarget(settings.signal)
  try {
    const measured: MeasuredRun[] = []
    for (const [index, [sockets, intervalMs]] of runs.entries()) {
      onRun(index + 1, runs.length)
      measured.push(await measure(settings, workloadOf(target.url, sockets, intervalMs)))
    }
    const [few, many, busy] = measured
    if (!few || !many || !busy) throw new CannotMeasure('expected three runs')
    return {
      schema: 1,
      at: now.toISOString(),
      k6: settings.k6.version,
      cores: availableParallelism(),
      ...costsOf(few, many, busy),
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
      onPoint: () => {},
    })
    if (end.kind !== 'completed') throw new CannotMeasure(`the measurement came to no end: ${end.message}`)
    const seconds = series.flatMap(({cpu}) => cpu ?? [])
    if (!measured || seconds.length === 0) throw new CannotMeasure('k6 told nothing of what it used')
    return {
      sockets: measured.counter(measures.ready),
      trips: measured.counter(measures.roundTrips),
      cpuMs: seconds.reduce((sum, share) => sum + share * cores * 1000, 0),
      peakBytes: Math.max(...series.map(({memoryBytes}) => memoryBytes ?? 0)),
    }
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

function workloadOf(url: string, sockets: number, intervalMs: number): Workload {
  const dialect = dialectSchema.parse({
    transport: {kind: 'ws'},
    roundTrip: {kind: 'reply', send: {text: 'probe {id}'}, expect: {where: {$: 'probe {id}'}}},
  })
  return {
    schema: 1,
    scenario: 'calibrate',
    phases: [
      {name: 'ramp', startMs: 0, endMs: RAMP_MS, from: 0, to: 1, judged: false},
      {name: 'steady', startMs: RAMP_MS, endMs: RUN_MS, from: 1, to: 1, judged: true},
    ],
    bounds: [],
    userAgent: 'rtc-probe (calibrate)',
    insecure: false,
    sockets: {
      url,
      dialect,
      headers: {},
      sdp: '',
      clients: 1,
      sessions: sockets,
      vus: Math.ceil(sockets / SOCKETS_PER_VU),
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
  }
}
