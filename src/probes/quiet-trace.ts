import {randomUUID} from 'node:crypto'
import type {Trace} from './probe.ts'

/** The same clock and deadline, for what runs beside the measured path: a second connection, the other end of an echo. */
export function quiet(trace: Trace): Trace {
  const ignore = () => {}
  return {...trace, phase: ignore, tidyUp: ignore, skip: ignore, fact: ignore, event: ignore, detail: ignore}
}

/** A trace of its own that tells nobody, for requests that are no attempt of a check. */
export function silentTrace(signal: AbortSignal): Trace {
  const ignore = () => {}
  return {
    id: randomUUID(),
    signal,
    now: () => performance.now(),
    wallClock: () => Date.now(),
    phase: ignore,
    tidyUp: ignore,
    skip: ignore,
    fact: ignore,
    event: ignore,
    detail: ignore,
    secret: ignore,
  }
}
