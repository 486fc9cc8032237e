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
