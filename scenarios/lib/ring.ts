import {slotFrom} from '../../src/load/timetable.ts'
import {elapsed} from './clock.ts'
import * as measure from './measure.ts'
import type {PhaseTags} from './measure.ts'

/** Whoever makes the round trips of a place in the timetable. */
export interface Sitter {
  /** The one of this moment is due. */
  due(slotAt: number, at: PhaseTags, now: number): void
}

/** Somebody whose place it is. */
export interface Seat extends Sitter {
  /** Of its session, among all. */
  readonly index: number
  place: number
}

let inOrder: Sitter[] = []

/** Gives a place to somebody else. */
export function sit(place: number, sitter: Sitter): void {
  inOrder[place] = sitter
}

/** Counts wait for the next slot, unless that is so far away. */
const SOON_MS = 500
/** How often it is looked at the phase, and at what was counted. */
const CHECK_MS = 100
/** Slots that are closer together have one beat for all of them: to set a timer costs k6 as much as a round trip. */
const BEAT_MS = 10
/** What falls due before the next beat, which k6 counts from the end of this one, is seen to at this one. */
export const EARLY_MS = BEAT_MS + 1

/**
 * The one clock of all sessions of a virtual user: they have one interval, so their slots come round in the same order
 * for ever. It ends with the drill.
 */
export function runRing(seats: readonly Seat[], intervalMs: number, endMs: number): void {
  const begin = elapsed()
  const firsts = seats.map((seat) => ({seat, slotAt: slotFrom(seat.index, intervalMs, begin)}))
  firsts.sort((a, b) => a.slotAt - b.slotAt)
  inOrder = firsts.map(({seat}) => seat)
  for (const [place, {seat}] of firsts.entries()) seat.place = place
  const slots = firsts.map(({slotAt}) => slotAt)
  const beat = intervalMs < slots.length * BEAT_MS ? setInterval(tick, BEAT_MS) : undefined
  const earlyMs = beat === undefined ? 0 : EARLY_MS
  let phase = measure.taggedPhase(begin)
  let next = 0
  let checkAt = 0
  function check(now: number): void {
    measure.enterPhase(measure.phaseTags(now))
    measure.flushAfter(now)
    checkAt = now + CHECK_MS
  }
  function tick(): void {
    let now = elapsed()
    const until = now + earlyMs
    if (now >= checkAt) check(now)
    let slotAt = slots[next] ?? Infinity
    if (now >= measure.lagDueAt) measure.lag(now - slotAt, now)
    while (slotAt <= until) {
      const sitter = inOrder[next]
      slots[next] = slotAt + intervalMs
      next = next + 1 === slots.length ? 0 : next + 1
      if (slotAt >= phase.endMs) phase = measure.taggedPhase(slotAt)
      sitter?.due(slotAt, phase.at, now)
      slotAt = slots[next] ?? Infinity
      if (slotAt <= until) now = elapsed() // or it would seem to take as long as the sends before it, too
    }
    if (slotAt >= endMs) {
      if (beat !== undefined) clearInterval(beat)
    } else if (beat === undefined) {
      measure.beEager(slotAt - now > SOON_MS)
      setTimeout(tick, Math.max(1, slotAt - now))
    }
  }
  tick()
}
