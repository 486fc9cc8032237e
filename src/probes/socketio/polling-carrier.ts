import {ProbeFailure} from '../../core/errors.ts'
import type {EnginePacket} from '../../dialect/engineio.ts'
import type {Handshake} from '../../dialect/handshake.ts'
import {Malformed} from '../../dialect/malformed.ts'
import {abortable} from '../abortable.ts'
import type {ArrivedPacket} from './engine.ts'
import type {Inlet} from '../inlet.ts'
import {poll, post, type PollingRequest} from './polling.ts'
import {within} from '../within.ts'

const POST_MS = 10_000
const CLOSE_MS = 250
/** Node runs a timer beyond this one at once. */
const LONGEST_TIMER_MS = 2 ** 31 - 1

/** The polling transport of an open session: one GET is always out, and what is to send goes in one POST at a time. */
export class PollingCarrier {
  readonly #request: PollingRequest
  readonly #packets: Inlet<ArrivedPacket>
  readonly #now: () => number
  readonly #pollMs: number
  readonly #ended = new AbortController()
  #outbox: EnginePacket[] = []
  #polling = Promise.resolve()
  #posting = Promise.resolve()
  #paused = false

  constructor(
    request: PollingRequest,
    handshake: Handshake,
    {packets, now}: {packets: Inlet<ArrivedPacket>; now: () => number},
  ) {
    this.#request = request
    this.#packets = packets
    this.#now = now
    this.#pollMs = Math.min(handshake.pingIntervalMs + handshake.pingTimeoutMs, LONGEST_TIMER_MS)
    this.#polling = this.#poll()
  }

  /** Aborts, with the failure as reason, when the transport has broken. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  send(packet: EnginePacket): void {
    this.#outbox.push(packet)
    if (this.#outbox.length === 1) this.#posting = this.#posting.then(() => this.#post())
  }

  /** Lets the requests under way come to their end, and begins no other. */
  async pause(): Promise<void> {
    this.#paused = true
    await Promise.all([this.#polling, this.#posting])
    this.#ended.signal.throwIfAborted()
  }

  /** Says goodbye in a request of its own: a server may act on a "close" before what came with it. */
  async close(): Promise<void> {
    this.#paused = true
    const limit = {ms: CLOSE_MS, signal: this.#ended.signal, reason: () => new Error('no answer to the close')}
    if (!this.#ended.signal.aborted) {
      await within(limit, async (signal) => {
        await abortable(this.#posting, signal)
        await post(this.#request, [{type: 'close', data: ''}], signal)
      }).catch(() => {}) // we leave in any case
    }
    await this.abandon()
  }

  /** Closes the connections without a word, as after an upgrade. */
  async abandon(): Promise<void> {
    this.#paused = true
    this.#ended.abort(new ProbeFailure('aborted', 'closed by the prober'))
    this.#request.agent.destroy()
    await Promise.all([this.#polling, this.#posting])
  }

  async #poll(): Promise<void> {
    while (!this.#paused && !this.#ended.signal.aborted) {
      await this.#bounded(this.#pollMs, 'poll', async (signal) => {
        const packets = await poll(this.#request, signal)
        const at = this.#now()
        for (const packet of packets) this.#packets.put({packet, at})
      })
    }
  }

  async #post(): Promise<void> {
    const packets = this.#outbox.splice(0)
    if (packets.length === 0) return
    await this.#bounded(POST_MS, 'POST', (signal) => post(this.#request, packets, signal))
  }

  /** Failures of the transport go the one way that everything goes that arrives. */
  async #bounded(ms: number, what: string, work: (signal: AbortSignal) => Promise<void>): Promise<void> {
    const reason = () => new ProbeFailure('timeout', `no answer to a ${what} within ${ms} ms`)
    try {
      await within({ms, signal: this.#ended.signal, reason}, work)
    } catch (error) {
      const failure = error instanceof Malformed ? new ProbeFailure('protocol_error', error.message) : (error as Error)
      this.#packets.end(failure)
      this.#ended.abort(failure)
    }
  }
}
