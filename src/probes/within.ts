/** Does work under a time limit of its own inside the attempt's: its signal aborts with whichever comes first. */
export async function within<T>(
  {ms, signal, reason}: {ms: number; signal: AbortSignal; reason: () => Error},
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const limit = new AbortController()
  const timer = setTimeout(() => limit.abort(reason()), ms)
  try {
    return await work(AbortSignal.any([signal, limit.signal]))
  } catch (error) {
    throw limit.signal.aborted ? limit.signal.reason : error
  } finally {
    clearTimeout(timer)
  }
}
