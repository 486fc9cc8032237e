import {open, type FileHandle} from 'node:fs/promises'
import type {SeriesPoint} from '../../core/drill-result.ts'
import type {Workload} from '../../load/workload.ts'
import {mustAbort} from '../abort-rail.ts'
import {processHealth, type ProcessHealth} from './health.ts'
import {recordReader} from './record.ts'
import {isLaidDown, laidDown} from '../kill-file.ts'
import {cpuShare, pointOf} from '../series.ts'

export interface WatchSettings {
  readonly workload: Workload
  /** Of k6's REST server. */
  readonly address: string
  readonly record: string
  readonly killFile: string
  readonly cores: number
  readonly onPoint: (point: SeriesPoint) => void
  /** The load must end: the target is broken, or somebody laid down the kill file. */
  readonly onStop: (why: 'aborted' | 'kill-file', message: string) => void
}

export interface Watch {
  readonly series: readonly SeriesPoint[]
  /** The highest that was seen. */
  readonly fds: {readonly open: number; readonly max: number} | undefined
  /** Looks a last time. */
  finish(): Promise<void>
}

const EVERY_MS = 1000

/** Looks at a running k6 once a second: what it measured, what it uses, and whether it has to end. */
export function watchK6(settings: WatchSettings): Watch {
  const {workload, address, record, killFile, cores, onPoint, onStop} = settings
  const series: SeriesPoint[] = []
  const read = recordReader()
  const tail = follow(record)
  let fds: Watch['fds']
  let health: {readonly at: number; readonly health: ProcessHealth} | undefined
  let [cpu, memoryBytes]: readonly [number | null, number | null] = [null, null]

  const look = async (): Promise<void> => {
    const now = await processHealth(address)
    const at = performance.now()
    if (now) {
      cpu = health ? cpuShare(health.health, now, {ms: at - health.at, cores}) : null
      memoryBytes = now.memoryBytes
      if (now.fds > (fds?.open ?? 0)) fds = {open: now.fds, max: now.maxFds}
      health = {at, health: now}
    }
    for (const second of read(await tail.more())) {
      const point = pointOf(workload, {second, cpu, memoryBytes})
      series.push(point)
      onPoint(point)
    }
    const broken = mustAbort(series)
    if (broken) onStop('aborted', broken)
    if (await isLaidDown(killFile)) onStop('kill-file', laidDown(killFile))
  }
  let looking = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking.then(look)
  }, EVERY_MS)
  return {
    series,
    get fds() {
      return fds
    },
    async finish() {
      clearInterval(timer)
      await looking
      await look()
      await tail.close()
    },
  }
}

/** What a file has grown by since the last look. */
function follow(path: string): {more(): Promise<string>; close(): Promise<void>} {
  const decoder = new TextDecoder()
  let file: FileHandle | undefined
  return {
    async more() {
      file ??= await open(path).catch(() => undefined) // k6 has not begun
      let text = ''
      for (;;) {
        const {buffer, bytesRead} = (await file?.read()) ?? {buffer: Buffer.alloc(0), bytesRead: 0}
        if (bytesRead === 0) return text
        text += decoder.decode(buffer.subarray(0, bytesRead), {stream: true})
      }
    },
    close: async () => file?.close(),
  }
}
