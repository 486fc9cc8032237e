import {readFileSync} from 'node:fs'

export interface Usage {
  readonly cpuMs: number
  readonly peakBytes: number
}

const EVERY_MS = 50
/** Of the clock of /proc: USER_HZ, which is 100 on every Linux. */
const TICK_MS = 10

/** What a process uses until it ends, from Linux's /proc; its last twentieth of a second is missed. */
export async function usageOf(pid: number, ended: Promise<unknown>): Promise<Usage> {
  let usage: Usage = {cpuMs: 0, peakBytes: 0}
  const timer = setInterval(() => {
    usage = lookAt(pid) ?? usage
  }, EVERY_MS)
  await ended.finally(() => clearInterval(timer))
  return usage
}

function lookAt(pid: number): Usage | undefined {
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
