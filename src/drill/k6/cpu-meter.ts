import {readFileSync} from 'node:fs'
import type {ProcessHealth} from './health.ts'

/** What Linux counts processor time in, whatever the machine. */
const TICKS_PER_SECOND = 100
/** Both count in ticks. */
const TICK_SECONDS = 0.02

interface Reading {
  readonly from: 'system' | 'k6'
  readonly seconds: number
  readonly atMs: number
}

/**
 * The part of all cores that k6 used since it was last asked; null when that is not known. What k6 tells of itself is
 * as old as its answer, which is late when it is busy: the system is asked, unless it knows of less (where k6 is not
 * that process but a child of it) or of nothing (where there is no /proc).
 */
export function cpuMeter({
  pid,
  cores,
}: {
  readonly pid: number
  readonly cores: number
}): (told: Pick<ProcessHealth, 'cpuSeconds'> | undefined) => number | null {
  let last: Reading | undefined
  let known = 0
  return (told) => {
    known = Math.max(known, told?.cpuSeconds ?? 0)
    const system = cpuSecondsOf(pid)
    const atMs = performance.now()
    const reading: Reading | undefined =
      system !== undefined && system >= known - TICK_SECONDS
        ? {from: 'system', seconds: system, atMs}
        : told && {from: 'k6', seconds: told.cpuSeconds, atMs}
    const before = last
    last = reading ?? last
    if (!reading || reading.from !== before?.from) return null
    return Math.min(1, ((reading.seconds - before.seconds) * 1000) / ((reading.atMs - before.atMs) * cores))
  }
}

/** Of a process with all its threads, user and system (proc_pid_stat(5)); undefined where the system does not tell. */
function cpuSecondsOf(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8') // at once, so that it belongs to the moment
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ') // a name may hold blanks and brackets
    const [user, system] = [fields[11], fields[12]].map(Number)
    return ((user ?? 0) + (system ?? 0)) / TICKS_PER_SECOND
  } catch {
    return undefined
  }
}
