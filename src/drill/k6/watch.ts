import {open, type FileHandle} from 'node:fs/promises'
import type {SeriesPoint} from '../../core/drill-result.ts'
import type {Workload} from '../../load/workload.ts'
import {mustAbort} from '../abort-rail.ts'
import {cpuMeter} from './cpu-meter.ts'
import {processHealth} from './health.ts'
import {recordReader} from './record.ts'
import {isLaidDown, laidDown} from '../kill-file.ts'
import {pointOf} from '../series.ts'

export interface WatchSettings {
  readonly workload: Workload
  /** Of k6. */
  readonly pid: number
  /** Of its REST server. */
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
  const {workload, address, record, killFile, onPoint, onStop} = settings
  const series: SeriesPoint[] = []
  const read = recordReader()
  const tail = follow(record)
  const cpuShare = cpuMeter(settings)
  let fds: Watch['fds']
  let memoryBytes: number | null = null
  /** What the looks since the last seconds saw: a long drill tells some of these at once. */
  let looks: Pick<SeriesPoint, 'cpu' | 'memoryBytes'>[] = []

  const look = async (): Promise<void> => {
    const health = await processHealth(address)
    const cpu = cpuShare(health)
    if (health) {
      memoryBytes = health.memoryBytes
      if (health.fds > (fds?.open ?? 0)) fds = {open: health.fds, max: health.maxFds}
    }
    const latest = {cpu, memoryBytes}
    looks.push(latest)
    const seconds = read(await tail.more())
    for (const [index, second] of seconds.entries()) {
      const point = pointOf(workload, {second, ...(looks.at(index - seconds.length) ?? latest)})
      series.push(point)
      onPoint(point)
    }
    if (seconds.length > 0) looks = []
    const broken = mustAbort(series)
    if (broken) onStop('aborted', broken)
    if (await isLaidDown(killFile)) onStop('kill-file', laidDown(killFile))
  }
  let looking: Promise<void> | undefined
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined)) // a k6 that answers slowly is not asked twice at once
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
