/** The promise's outcome, or the signal's reason if that comes first. For waits that cannot be cancelled themselves. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    if (signal.aborted) {
      promise.catch(() => {}) // nobody waits for it any more
      stop()
      return
    }
    signal.addEventListener('abort', stop, {once: true})
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
