/** As much of werift's events as a wait needs. */
interface Occurrences {
  subscribe(listener: () => void): {unSubscribe(): void}
}

/** Waits until a condition holds, asking again at each occurrence. Rejects with the signal's reason. */
export function reached(condition: () => boolean, occurrences: Occurrences, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const done = () => {
      subscription.unSubscribe()
      signal.removeEventListener('abort', onAbort)
    }
    const onAbort = () => {
      done()
      reject(signal.reason as Error)
    }
    const check = () => {
      if (!condition()) return
      done()
      resolve()
    }
    const subscription = occurrences.subscribe(check)
    signal.addEventListener('abort', onAbort, {once: true})
    if (signal.aborted) onAbort()
    else check()
  })
}

export interface Limit {
  readonly ms: number
  /** Of the whole attempt. */
  readonly signal: AbortSignal
  /** What the step fails with when its time is up. */
  readonly failure: () => Error
}

/** Gives a step a time of its own within the attempt's. */
export async function within<T>({ms, signal, failure}: Limit, step: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(failure()), ms)
  try {
    return await step(AbortSignal.any([signal, limit.signal]))
  } finally {
    clearTimeout(timer)
  }
}
