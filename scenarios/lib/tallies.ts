import type {Counter} from 'k6/metrics'
import {exec} from '../init/k6.ts'

/** Samples carry the phase in which what they tell of was due. */
export type PhaseTags = Readonly<Record<'phase', string>>

/**
 * A count that is told k6 from time to time. In k6's engine a call costs as much as all that is done in this one, so
 * whoever counts every round trip does it himself while the phase is the same.
 */
export interface Batch {
  kept: number
  at: PhaseTags | undefined
  add(count: number, at: PhaseTags): void
}

/** How long counts are kept: series have one entry a second. */
const KEEP_MS = 1000

const flushes: (() => void)[] = []
let flushedAt = -Infinity
/** The phase that samples without tags carry. */
export let current: PhaseTags | undefined

/**
 * Makes a phase the tag of this virtual user: samples without tags of their own carry it, and cost half of those with
 * some.
 */
export function enterPhase(at: PhaseTags): void {
  if (at === current) return
  flush()
  current = at
  exec.vu.metrics.tags.phase = at.phase
}

/** One sample, with its phase. */
export function sample(metric: {add(value: number, tags?: PhaseTags): void}, value: number, at: PhaseTags): void {
  if (at === current) metric.add(value)
  else metric.add(value, at)
}

/** Collects what is added to Counters that count the same. */
export function batchOf(counters: readonly Counter[]): Batch {
  const tell = () => {
    const {kept, at} = batch
    if (!at || kept === 0) return
    batch.kept = 0
    // No iterators where much is done: they cost more than what they go through.
    // eslint-disable-next-line @typescript-eslint/prefer-for-of -- see above
    for (let index = 0; index < counters.length; index++) {
      const counter = counters[index]
      if (counter) sample(counter, kept, at)
    }
  }
  const batch: Batch = {
    kept: 0,
    at: undefined,
    add(count, at) {
      if (at !== batch.at) {
        tell()
        batch.at = at
      }
      batch.kept += count
    },
  }
  flushes.push(tell)
  return batch
}

/** Tells k6 what was counted, if it was kept for long enough. */
export function flushAfter(now: number): void {
  if (now - flushedAt < KEEP_MS) return
  flushedAt = now
  flush()
}

/** Whether counts wait for nothing: of a virtual user that is asked so seldom that they would come seconds late. */
export let isEager = false
export function beEager(yes: boolean): void {
  isEager = yes
}

/** Tells k6 what was counted. Whoever ends has to ask for it. */
export function flush(): void {
  // eslint-disable-next-line @typescript-eslint/prefer-for-of -- an iterator costs more than what it goes through
  for (let index = 0; index < flushes.length; index++) flushes[index]?.()
}
