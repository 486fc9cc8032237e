import {shareOfSession, windowsAbove, type LoadPhase} from './curve.ts'

/** Multiples of the golden ratio, modulo 1, spread any number of sessions evenly. */
const GOLDEN = 0.618033988749895

/** A number from 0 to 1 of a session's own, the same in every process. */
export function spread(index: number): number {
  return ((index + 1) * GOLDEN) % 1
}

/** The first round trip of a session's timetable at or after a moment. The timetable is absolute: nothing delays it. */
export function slotFrom(index: number, intervalMs: number, ms: number): number {
  const offset = spread(index) * intervalMs
  return offset + Math.max(0, Math.ceil((ms - offset) / intervalMs)) * intervalMs
}

export interface Timetable {
  readonly phases: readonly LoadPhase[]
  readonly sessions: number
  readonly intervalMs: number
  /** A session ends its timetable so long before it is due to close, so that the last answers still come. */
  readonly marginMs: number
}

/** How many round trips all sessions have in phases that are judged: what the load is held against. */
export function judgedSlots({phases, sessions, intervalMs, marginMs}: Timetable): number {
  const judged = phases.filter((phase) => phase.judged)
  let slots = 0
  for (let index = 0; index < sessions; index++) {
    for (const {openMs, closeMs} of windowsAbove(phases, shareOfSession(index, sessions))) {
      for (const {startMs, endMs} of judged) {
        const from = Math.max(openMs, startMs)
        const to = Math.min(closeMs - marginMs, endMs)
        const first = slotFrom(index, intervalMs, from)
        if (first < to) slots += Math.ceil((to - first) / intervalMs)
      }
    }
  }
  return slots
}

/** The area under the curve of the judged phases, in full-load milliseconds: times a rate it is a number of requests. */
export function judgedArea(phases: readonly LoadPhase[]): number {
  return phases.reduce(
    (sum, {judged, from, to, startMs, endMs}) => sum + (judged ? ((from + to) / 2) * (endMs - startMs) : 0),
    0,
  )
}
