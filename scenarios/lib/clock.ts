import {exec} from '../init/k6.ts'

/** k6 makes this object anew at every access, which costs more than what is read from it. */
let instance: typeof exec.instance | undefined

/** Milliseconds since the test began, monotonic and with fractions: `Date.now()` has whole ones and can jump. */
export function elapsed(): number {
  instance ??= exec.instance
  return instance.currentTestRunDuration
}

/** How often the wall clock is looked at again: it is slewed, and may be off by then. */
const KEEP_MS = 60_000
/** A look costs up to a millisecond; the machine may take the processor away in one of them, hardly in all. */
const LOOKS = 3

/** Of the wall clock, in which events are timed, from ours. */
export let offset = 0
let lookedAt = -Infinity

/**
 * Looks at the offset once more, at the time of an event, which cannot lie in the future: one that would shows that the
 * clocks are further apart than was thought, as after a look at them that was held up.
 */
export function correct(timestamp: number, now: number): void {
  if (timestamp - now > offset) offset = timestamp - now
}

/**
 * Finds out where the wall clock stands against ours. At a tick of the wall clock its fraction is zero; whatever delays
 * the look at our clock afterwards makes the difference smaller, so the largest of some looks is the nearest.
 */
export function calibrate(): void {
  if (elapsed() - lookedAt < KEEP_MS) return
  let best = -Infinity
  for (let look = 0; look < LOOKS; look++) {
    const before = Date.now()
    let tick = before
    while (tick === before) tick = Date.now()
    best = Math.max(best, tick - elapsed())
  }
  offset = best
  lookedAt = elapsed()
}
