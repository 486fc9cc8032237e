import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {DrillEnd, SeriesPoint} from '../core/drill-result.ts'
import {addPoints} from './add-points.ts'
import {addRunners} from './add-runners.ts'
import type {Generated, LoadSettings} from './generator.ts'

/** A part of the whole load: its number, from 0, and of how many. */
export interface Segment {
  readonly index: number
  readonly of: number
}

/**
 * Runs generators side by side, each with its part of the load, as one. Whatever ends one of them (the rail, the kill
 * file, its limit, its death) ends all: a load of which a part is missing is no longer the plan's.
 */
export async function sideBySide(
  count: number,
  settings: LoadSettings,
  run: (segment: Segment, own: LoadSettings) => Promise<Generated>,
): Promise<Generated> {
  const stop = new AbortController()
  let first: DrillEnd | undefined
  const onPoint = inStep(count, settings.onPoint)
  const runOne = async (index: number): Promise<Generated> => {
    const folder = join(settings.folder, `process-${index + 1}`)
    try {
      await mkdir(folder)
      const signal = AbortSignal.any([settings.signal, stop.signal])
      const generated = await run({index, of: count}, {...settings, folder, signal, onPoint})
      const {end} = generated
      if (end.kind !== 'completed')
        first ??= told(end, settings.signal.aborted ? '' : `process ${index + 1} of ${count}: `)
      return generated
    } finally {
      if (first) stop.abort()
    }
  }
  const settled = await Promise.allSettled(
    Array.from({length: count}, (_, index) =>
      runOne(index).catch((error: unknown) => {
        stop.abort()
        throw error
      }),
    ),
  )
  const failed = settled.find((one) => one.status === 'rejected')
  if (failed) throw failed.reason
  const all = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
  return addRunners(all, first ?? {kind: 'completed'})
}

function told(end: Exclude<DrillEnd, {kind: 'completed'}>, who: string): DrillEnd {
  return {...end, message: `${who}${end.message}`}
}

/** Tells of a second when all have told of it, or when one is ahead of the others by more than they tell at once. */
function inStep(count: number, tell: (point: SeriesPoint) => void): (point: SeriesPoint) => void {
  const waiting = new Map<number, SeriesPoint[]>()
  const LEAD = 12
  return (point) => {
    const second = Math.round(point.ms / 1000)
    waiting.set(second, [...(waiting.get(second) ?? []), point])
    for (const [at, points] of [...waiting].sort(([a], [b]) => a - b)) {
      if (points.length < count && second - at < LEAD) return
      waiting.delete(at)
      tell(addPoints(points))
    }
  }
}
