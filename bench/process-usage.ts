import {readFileSync} from 'node:fs'

export interface Usage {
  readonly cpuMs: number
  readonly peakBytes: number
  /** Of its CPU, what it used from one moment of its life to another. */
  cpuMsWithin(span: Span): number
}

/** In milliseconds since a process began. */
export interface Span {
  readonly fromMs: number
  readonly toMs: number
}

interface Look {
  readonly cpuMs: number
  readonly peakBytes: number
}

const EVERY_MS = 50
/** Of the clock of /proc: USER_HZ, which is 100 on every Linux. */
const TICK_MS = 10

/** What a process uses until it ends, from Linux's /proc; its last twentieth of a second is missed. */
export async function usageOf(pid: number, ended: Promise<unknown>): Promise<Usage> {
  const begunAt = performance.now()
  const looks: (Look & {readonly atMs: number})[] = []
  const timer = setInterval(() => {
    const look = lookAt(pid)
    if (look) looks.push({atMs: performance.now() - begunAt, ...look})
  }, EVERY_MS)
  await ended.finally(() => clearInterval(timer))
  const {cpuMs = 0, peakBytes = 0} = looks.at(-1) ?? {}
  const until = (ms: number) => looks.findLast(({atMs}) => atMs <= ms)?.cpuMs ?? 0
  return {cpuMs, peakBytes, cpuMsWithin: ({fromMs, toMs}) => until(toMs) - until(fromMs)}
}

function lookAt(pid: number): Look | undefined {
  try {
    const [user = 0, system = 0] = (readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1] ?? '')
      .split(' ')
      .slice(11, 13)
      .map(Number)
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return peak === undefined ? undefined : {cpuMs: (user + system) * TICK_MS, peakBytes: Number(peak) * 1024}
  } catch {
    return undefined // it has ended
  }
}
