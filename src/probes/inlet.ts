/** What takes items as they arrive, and hears of the end. */
export interface Listener<T> {
  item(item: T): void
  ended(error: Error): void
}

/**
 * What arrives from a connection, in order: first for whoever waits for the next item, later for a listener, at once.
 * Nothing is lost between the two.
 */
export class Inlet<T> {
  #items: T[] = []
  #end: Error | undefined
  #listener: Listener<T> | undefined
  #wake = () => {}

  /** What it ended with. */
  get error(): Error | undefined {
    return this.#end
  }

  put(item: T): void {
    if (this.#end) return
    if (this.#listener) this.#listener.item(item)
    else this.#items.push(item)
    this.#wake()
  }

  /** Only the first end counts. */
  end(error: Error): void {
    if (this.#end) return
    this.#end = error
    this.#listener?.ended(error)
    this.#wake()
  }

  /** The next item. Rejects with the end's error once there is none left, or with the signal's reason. */
  async take(signal: AbortSignal): Promise<T> {
    while (this.#items.length === 0) {
      if (this.#end) throw this.#end
      signal.throwIfAborted()
      await this.#change(signal)
    }
    return this.#items.shift() as T
  }

  /** Passes over all that arrives. Settles with the end's error, or with undefined once the signal aborts. */
  async drain(signal: AbortSignal): Promise<Error | undefined> {
    try {
      for (;;) await this.take(signal)
    } catch {
      return signal.aborted ? undefined : this.#end
    }
  }

  listen(listener: Listener<T>): void {
    this.#listener = listener
    for (const item of this.#items.splice(0)) listener.item(item)
    if (this.#end) listener.ended(this.#end)
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', wake)
        resolve()
      }
      this.#wake = wake
      signal.addEventListener('abort', wake, {once: true})
    })
  }
}
