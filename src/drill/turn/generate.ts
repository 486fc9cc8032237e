import type {DrillEnd, SeriesPoint} from '../../core/drill-result.ts'
import type {Workload} from '../../load/workload.ts'
import {mustAbort} from '../abort-rail.ts'
import type {Generated, LoadSettings} from '../generator.ts'
import {isLaidDown, laidDown} from '../kill-file.ts'
import {pointOf} from '../series.ts'
import type {RelayServer} from './call.ts'
import type {Told} from './messages.ts'
import {cpuMeter, openFiles} from './own-health.ts'
import {measuredBy} from './recording.ts'
import {secondsOf} from './seconds.ts'
import {startThreads} from './threads.ts'

/** Between the word and the begin: all threads must have heard it. */
const HEAD_START_MS = 200
/** What the load may take beyond its plan. */
const SLACK_MS = 10_000
/** Between asking the threads to end and ending them. */
const GRACE_MS = 10_000

type Stop = Exclude<DrillEnd, {kind: 'completed'}>

/** Makes the calls of a workload from begin to end, watched and bounded. Whatever becomes of it, no allocation is kept that can be given back. */
export async function generateCalls(server: RelayServer, workload: Workload, load: LoadSettings): Promise<Generated> {
  const {durationMs, cores, killFile, signal, onPoint} = load
  const count = workload.relays?.workers ?? 1
  const seconds = secondsOf(count)
  const series: SeriesPoint[] = []
  const failures = new Map<string, string>()
  const cpu = cpuMeter(cores)
  let fds: Generated['fds']
  let ended: Stop | undefined
  const limits: NodeJS.Timeout[] = []

  const threads = startThreads({
    server,
    workload,
    count,
    onSecond(index, told) {
      const second = seconds.add(index, told)
      if (!second) return
      const point = pointOf(workload, {second, cpu: cpu(), memoryBytes: process.memoryUsage.rss()})
      series.push(point)
      noteFailures(seconds.latest, point.openSockets)
      onPoint(point)
      void look()
    },
  })
  const look = async () => {
    const files = await openFiles()
    if (files && files.open > (fds?.open ?? 0)) fds = files
    const broken = mustAbort(series)
    if (broken) stop({kind: 'aborted', message: broken})
    else if (await isLaidDown(killFile)) stop({kind: 'kill-file', message: laidDown(killFile)})
  }
  const stop = (why: Stop) => {
    if (ended) return
    ended = why
    threads.windDown()
    limits.push(setTimeout(() => void threads.kill(), GRACE_MS))
  }
  const onAbort = () => stop({kind: 'interrupted', message: 'interrupted'})
  const noteFailures = (all: readonly Told[], open: number) => {
    for (const [code, message] of all.flatMap((told) => [...told.failures])) {
      if (!failures.has(code)) failures.set(code, withLoad(code, message, open))
    }
  }

  let startedAt = Date.now()
  try {
    await threads.ready
    startedAt = Date.now() + HEAD_START_MS
    threads.begin(startedAt)
    limits.push(
      setTimeout(
        () => stop({kind: 'late', message: 'the load ran on past its end'}),
        durationMs + HEAD_START_MS + SLACK_MS,
      ),
    )
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, {once: true})
    const told = await threads.ended
    noteFailures(told, 0)
    return result(told, ended ?? {kind: 'completed'})
  } catch (error) {
    const crash = {kind: 'crashed', message: `a thread of the load failed: ${(error as Error).message}`} as const
    return {...result(seconds.latest, ended ? {...ended, kind: 'killed'} : crash), exceptions: ended ? 0 : 1}
  } finally {
    for (const timer of limits) clearTimeout(timer)
    signal.removeEventListener('abort', onAbort)
    await threads.kill()
  }

  function result(told: readonly Told[], end: DrillEnd): Generated {
    const measured = told.length === 0 ? undefined : measuredBy(told.map(({recording}) => recording))
    return {end, startedAt, measured, series, fds, exceptions: 0, failures: Object.fromEntries(failures)}
  }
}

/** Of a limit it matters where it lies. */
function withLoad(code: string, message: string, open: number): string {
  return /^turn_(quota|capacity)$/.test(code) && open > 0 ? `${message}, with ${open} allocations open` : message
}
