import {sum} from '../../core/stats.ts'
import {createHistogram, type RecordableHistogram} from 'node:perf_hooks'
import type {Tally} from '../../core/tally.ts'
import {SHARES} from '../../load/shares.ts'
import type {Measured} from '../measured.ts'

/** What one thread has measured, by the names of measures with their tags. Threads' recordings add up exactly. */
export interface Recording {
  readonly counters: ReadonlyMap<string, number>
  readonly tallies: ReadonlyMap<string, Tally>
  /** In microseconds. */
  readonly trends: ReadonlyMap<string, RecordableHistogram>
}

/** Longer than any wait of a drill. */
const HIGHEST_US = 60_000_000

export function newHistogram(): RecordableHistogram {
  return createHistogram({lowest: 1, highest: HIGHEST_US, figures: 3})
}

export function recordMs(histogram: RecordableHistogram, ms: number): void {
  histogram.record(Math.min(HIGHEST_US, Math.max(1, Math.round(ms * 1000))))
}

/** All threads together. */
export function measuredBy(recordings: readonly Recording[]): Measured {
  return {
    rate(name) {
      const found = recordings.flatMap(({tallies}) => tallies.get(name) ?? [])
      if (found.length === 0) return undefined
      return {good: sum(found.map(({good}) => good)), total: sum(found.map(({total}) => total))}
    },
    counter: (name) => sum(recordings.map(({counters}) => counters.get(name) ?? 0)),
    trend: (name) => statistics(recordings.flatMap(({trends}) => trends.get(name) ?? [])),
  }
}

/** By k6's names, in milliseconds; undefined without a sample. */
export function statistics(parts: readonly RecordableHistogram[]): Readonly<Record<string, number>> | undefined {
  const all = newHistogram()
  for (const part of parts) if (part.count > 0) all.add(part)
  if (all.count === 0) return undefined
  const shares = SHARES.map((share) => [`p(${share})`, all.percentile(share) / 1000] as const)
  const [min, avg, max, med] = [all.min, all.mean, all.max, all.percentile(50)].map((value) => value / 1000)
  return {
    count: all.count,
    ...Object.fromEntries(shares),
    ...(Object.fromEntries(Object.entries({min, avg, max, med})) as Record<string, number>),
  }
}
