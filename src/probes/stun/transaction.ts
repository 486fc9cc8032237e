import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {Request, StunMessage} from './message.ts'
import type {Protocol} from './uri.ts'

/** RFC 8489 section 6.2.1: how many requests at most, and how many intervals to wait after the last. */
const MAX_SENDS = 7
const LAST_WAIT = 16
/** RFC 8489 section 6.2.2: Ti, for transports that lose nothing. */
const STREAM_WAIT_MS = 39_500

export interface Answer {
  readonly message: StunMessage
  /** From the first send to the answer. */
  readonly ms: number
  readonly sends: number
}

export interface RequestLimits {
  readonly signal: AbortSignal
  /** Longest wait for the answer, where RFC 8489's is too long. */
  readonly waitMs?: number
  /** The first interval between two sends, where it is not that of the session. */
  readonly rtoMs?: number
}

const silenceHints: Readonly<Record<Protocol, string>> = {
  udp: 'the server is down, or a firewall drops UDP on the way there or back',
  tcp: 'the connection stands, but nothing on it answers: is this a TLS port?',
  tls: 'the connection stands, but nothing on it answers',
}

/** What a transaction is sent over. A stream loses nothing: there a request is sent once. */
export interface Wire {
  readonly protocol: Protocol
  send(bytes: Buffer): void
  now(): number
}

/** One request on its way: sent again while it may have been lost, until an answer, a failure or the end of patience. */
export class Transaction {
  /** Rejects with a ProbeFailure that says how often the request was sent, when silence lasts until a limit. */
  readonly outcome: Promise<Answer>
  readonly #request: Request
  readonly #wire: Wire
  readonly #limits: RequestLimits & {readonly rtoMs: number}
  readonly #settle = Promise.withResolvers<Answer>()
  readonly #startedAt: number
  #sends = 0
  #nextSend: NodeJS.Timeout | undefined
  #patience: NodeJS.Timeout | undefined

  constructor(request: Request, wire: Wire, limits: RequestLimits & {readonly rtoMs: number}) {
    this.#request = request
    this.#wire = wire
    this.#limits = limits
    this.#startedAt = wire.now()
    this.outcome = this.#settle.promise.finally(() => this.#stop())
    limits.signal.addEventListener('abort', this.#onAbort, {once: true})
    if (limits.waitMs !== undefined) this.#patience = setTimeout(() => this.#giveUp(), limits.waitMs)
    this.#send()
  }

  answered(message: StunMessage): void {
    this.#settle.resolve({message, ms: this.#wire.now() - this.#startedAt, sends: this.#sends})
  }

  failed(reason: Error): void {
    this.#settle.reject(reason)
  }

  #send(): void {
    const reliable = this.#wire.protocol !== 'udp'
    if (this.#sends === (reliable ? 1 : MAX_SENDS)) {
      this.#giveUp()
      return
    }
    this.#wire.send(this.#request.bytes)
    this.#sends++
    const {rtoMs} = this.#limits
    const interval = this.#sends === MAX_SENDS ? LAST_WAIT * rtoMs : rtoMs * 2 ** (this.#sends - 1)
    this.#nextSend = setTimeout(() => this.#send(), reliable ? STREAM_WAIT_MS : interval)
  }

  readonly #onAbort = (): void => {
    const reason = this.#limits.signal.reason as Error
    if (reason instanceof ProbeFailure && reason.code === 'timeout') this.#giveUp(reason)
    else this.failed(reason)
  }

  #giveUp(cause?: Error): void {
    const {method} = this.#request
    const asked = this.#sends === 1 ? `the ${method} request` : `${this.#sends} ${method} requests`
    const waited = formatMs(this.#wire.now() - this.#startedAt)
    const hint = silenceHints[this.#wire.protocol]
    this.failed(new ProbeFailure('timeout', `no answer to ${asked} within ${waited}`, {cause, hint}))
  }

  #stop(): void {
    clearTimeout(this.#nextSend)
    clearTimeout(this.#patience)
    this.#limits.signal.removeEventListener('abort', this.#onAbort)
  }
}
