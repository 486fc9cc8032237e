/** What arrived at one end of a packet stream: each packet's transit time, in order of arrival, and what went wrong. */
export class Arrivals {
  /** Milliseconds from sending to the first arrival, by packet number. */
  readonly #transits = new Map<number, number>()
  #highest = -1
  #duplicated = 0
  #reordered = 0

  add(number: number, transitMs: number): void {
    if (this.#transits.has(number)) {
      this.#duplicated++
      return
    }
    this.#transits.set(number, transitMs)
    if (number < this.#highest) this.#reordered++
    else this.#highest = number
  }

  /** In order of arrival. */
  get transits(): number[] {
    return [...this.#transits.values()]
  }

  get count(): number {
    return this.#transits.size
  }

  get duplicated(): number {
    return this.#duplicated
  }

  /** Packets that a later one overtook (RFC 4737 section 3.3). */
  get reordered(): number {
    return this.#reordered
  }

  transitOf(number: number): number | undefined {
    return this.#transits.get(number)
  }
}
