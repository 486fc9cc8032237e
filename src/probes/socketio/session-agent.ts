import {Agent, type ClientRequestArgs} from 'node:http'
import type {Socket} from 'node:net'

/**
 * Connections of one polling session: the first one is dialled (and timed) beforehand, more are dialled as requests
 * overlap. Kept alive between requests, as browsers do.
 */
export class SessionAgent extends Agent {
  readonly #ready: Socket[]
  readonly #dial: () => Promise<Socket>

  constructor(first: Socket, dialMore: () => Promise<Socket>) {
    super({keepAlive: true, maxSockets: 2})
    this.#ready = [first]
    this.#dial = dialMore
  }

  override createConnection(
    _options: ClientRequestArgs,
    callback?: (error: Error | null, socket: Socket) => void,
  ): Socket | undefined {
    const ready = this.#ready.pop()
    if (ready) return ready
    this.#dial().then(
      (socket) => callback?.(null, socket),
      (error: unknown) => callback?.(error as Error, undefined as never),
    )
    return undefined
  }
  /** Also the connection that no request has asked for yet. */
  override destroy(): void {
    for (const socket of this.#ready) socket.destroy()
    super.destroy()
  }
}
