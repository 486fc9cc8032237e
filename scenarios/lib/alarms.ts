type Name = 'life' | 'connect' | 'retry' | 'close'

/** What rings for a session, each once and only in its latest setting. Fields, as k6's engine needs more memory for a Map. */
export class Alarms {
  life: number | undefined
  connect: number | undefined
  retry: number | undefined
  close: number | undefined

  set(name: Name, ms: number, act: () => void): void {
    this.clear(name)
    const ring = () => {
      this[name] = undefined
      act()
    }
    this[name] = setTimeout(ring, Math.max(1, ms))
  }

  clear(name: Name): void {
    const timer = this[name]
    if (timer === undefined) return
    clearTimeout(timer)
    this[name] = undefined
  }

  clearAll(): void {
    for (const name of ['life', 'connect', 'retry', 'close'] as const) this.clear(name)
  }
}
