import type {K6End, K6Process} from './process.ts'

export interface Limits {
  /** After which it is wound down. */
  readonly limitMs: number
  /** How long it may take to wind down before it is killed. */
  readonly graceMs: number
  /** Winds it down early. */
  readonly signal: AbortSignal
}

export interface Supervised extends K6End {
  /** Why we ended it, if we did: its time was over, or somebody asked. */
  readonly stopped?: 'late' | 'asked'
  /** It did not end by itself, so that there is no summary. */
  readonly killed: boolean
}

/**
 * Waits for k6 to end, and sees to it that it does: k6 2.2 can hang past its own limits and ignore SIGTERM for ever
 * (a WebSocket closed while it connects), so that the last word is always SIGKILL.
 */
export async function supervise(k6: K6Process, {limitMs, graceMs, signal}: Limits): Promise<Supervised> {
  let stopped: Supervised['stopped']
  let killed = false
  let grace: NodeJS.Timeout | undefined
  const stop = (why: NonNullable<Supervised['stopped']>) => {
    if (stopped) return
    stopped = why
    k6.windDown()
    grace = setTimeout(() => {
      killed = true
      k6.kill()
    }, graceMs)
  }
  const limit = setTimeout(() => stop('late'), limitMs)
  const onAbort = () => stop('asked')
  if (signal.aborted) onAbort()
  else signal.addEventListener('abort', onAbort, {once: true})
  try {
    const end = await k6.ended
    return {...end, killed, ...(stopped && {stopped})}
  } finally {
    clearTimeout(limit)
    clearTimeout(grace)
    signal.removeEventListener('abort', onAbort)
  }
}
