import {LONGEST_TIMER_MS} from '../../core/duration.ts'

/** A server that grants no time at all is not to be flooded. */
const SHORTEST_MS = 250

/** Prolongs an allocation in time, again and again, until it is stopped or a refresh fails. */
export class Renewal {
  /** Why the allocation could not be prolonged. */
  failure: Error | undefined
  readonly #refresh: () => Promise<number>
  #timer: NodeJS.Timeout | undefined
  #stopped = false

  /** The refresh resolves with the seconds that the server grants. */
  constructor(refresh: () => Promise<number>) {
    this.#refresh = refresh
  }

  after(lifetimeS: number): void {
    clearTimeout(this.#timer)
    if (this.#stopped) return
    // halfway, and a minute ahead at best (RFC 8656 section 8)
    const delayMs = 1000 * Math.max(lifetimeS / 2, lifetimeS - 60)
    this.#timer = setTimeout(() => void this.#renew(), Math.min(Math.max(delayMs, SHORTEST_MS), LONGEST_TIMER_MS))
  }

  stop(): void {
    this.#stopped = true
    clearTimeout(this.#timer)
  }

  async #renew(): Promise<void> {
    try {
      this.after(await this.#refresh())
    } catch (error) {
      if (!this.#stopped) this.failure = error as Error // an answer that a release overtook says nothing
    }
  }
}
