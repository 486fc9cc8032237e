/** What k6's process uses, from its own `/metrics`. */
export interface ProcessHealth {
  /** Since it was started. */
  readonly cpuSeconds: number
  readonly memoryBytes: number
  readonly fds: number
  readonly maxFds: number
}

/** Asks a running k6. Undefined while it does not answer: it starts, or it is too busy for that, which shows elsewhere. */
export async function processHealth(address: string): Promise<ProcessHealth | undefined> {
  try {
    const response = await fetch(`http://${address}/metrics`, {signal: AbortSignal.timeout(2000)})
    const text = await response.text()
    const value = (name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
    const health = {
      cpuSeconds: value('process_cpu_seconds_total'),
      memoryBytes: value('process_resident_memory_bytes'),
      fds: value('process_open_fds'),
      maxFds: value('process_max_fds'),
    }
    return Number.isNaN(health.cpuSeconds) ? undefined : health
  } catch {
    return undefined
  }
}
