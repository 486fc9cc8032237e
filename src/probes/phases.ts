import type {Phase} from '../core/result.ts'

/** Keeps the phases of one attempt: consecutive, named, adding up to its total. */
export class Phases {
  readonly #startedAt: number
  readonly #known: readonly string[]
  readonly #spent = new Map<string, number>()
  readonly #skipped = new Map<string, string>()
  #current: string | undefined
  #since: number
  #marked: string | undefined

  constructor(now: number, known: readonly string[]) {
    this.#startedAt = now
    this.#since = now
    this.#known = known
  }

  /** The time before the first phase belongs to the first phase. */
  begin(name: string, now: number): void {
    if (this.#current !== undefined) this.#close(now)
    this.#current = name
    if (!this.#spent.has(name)) this.#spent.set(name, 0)
  }

  skip(name: string, why: string): void {
    this.#skipped.set(name, why)
  }

  /** Remembers the current phase as the failing one: a clean-up may begin others before the failure arrives. */
  mark(): void {
    this.#marked ??= this.#current
  }

  failing(): string {
    return this.#marked ?? this.#current ?? this.#known[0] ?? 'start'
  }

  end(now: number, failed: string | undefined): {totalMs: number; list: Phase[]} {
    if (this.#current === undefined) this.#current = failed ?? this.#known[0] ?? 'run'
    this.#close(now)
    const done = [...this.#spent].map(([name, ms]): Phase => ({name, ms, state: name === failed ? 'failed' : 'done'}))
    const order = (name: string) => (this.#known.includes(name) ? this.#known.indexOf(name) : this.#known.length)
    const skipped = this.#known
      .filter((name) => !this.#spent.has(name))
      .map((name): Phase => ({name, ms: 0, state: 'skipped', ...this.#why(name)}))
    return {totalMs: now - this.#startedAt, list: [...done, ...skipped].sort((a, b) => order(a.name) - order(b.name))}
  }

  #why(name: string): {why?: string} {
    const why = this.#skipped.get(name)
    return why === undefined ? {} : {why}
  }

  #close(now: number): void {
    const name = this.#current ?? 'start'
    this.#spent.set(name, (this.#spent.get(name) ?? 0) + (now - this.#since))
    this.#since = now
  }
}
