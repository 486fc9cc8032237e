import type {ClientRequestArgs} from 'node:http'
import {Agent} from '../node-http.ts'
import type {Socket} from 'node:net'
import {ProbeFailure} from '../../core/errors.ts'

/**
 * Connections of one polling session: the first one is dialled (and timed) beforehand, more are dialled as requests
 * overlap. Kept alive between requests, as browsers do.
 */
export class SessionAgent extends Agent {
  readonly #ready: Socket[]
  readonly #dial: (signal: AbortSignal) => Promise<Socket>
  readonly #ended = new AbortController()

  constructor(first: Socket, dialMore: (signal: AbortSignal) => Promise<Socket>) {
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
    this.#dial(this.#ended.signal).then(
      (socket) => callback?.(null, socket),
      (error: unknown) => callback?.(error as Error, undefined as never),
    )
    return undefined
  }

  /** Also the connections that no request has asked for yet, or that are being dialled. */
  override destroy(): void {
    this.#ended.abort(new ProbeFailure('aborted', 'closed by the prober'))
    for (const socket of this.#ready) socket.destroy()
    super.destroy()
  }
}
