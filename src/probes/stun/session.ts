import {ProbeFailure} from '../../core/errors.ts'
import {formatMs} from '../../core/duration.ts'
import type {Trace} from '../probe.ts'
import {decodeMessage, type Request, type StunMessage} from './message.ts'
import {isChannelData} from './channel-data.ts'
import {notStun} from './not-stun.ts'
import type {StunTransport} from './transport.ts'

/** RFC 8489 section 6.2.1: the first interval, how many requests at most, and how long to wait after the last. */
const RTO_MS = 500
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
  readonly rtoMs?: number
}

/** Client transactions over one transport: pairs answers with requests, sends again what may have been lost. */
export class StunSession {
  readonly #transport: StunTransport
  readonly #now: Trace['now']
  readonly #pending = new Map<string, {answered(message: StunMessage): void; failed(reason: Error): void}>()
  readonly #endListeners: ((reason: Error) => void)[] = []
  #ended: Error | undefined
  #spokeStun = false
  #onOther: (bytes: Buffer) => void = () => {}

  constructor(transport: StunTransport, {now}: Pick<Trace, 'now'>) {
    this.#transport = transport
    this.#now = now
    transport.listen({message: (bytes) => this.#receive(bytes), ended: (reason) => this.#end(reason)})
  }

  get protocol(): StunTransport['protocol'] {
    return this.#transport.protocol
  }

  /** Hands over ChannelData and indications, which belong to no request. */
  onOther(listener: (bytes: Buffer) => void): void {
    this.#onOther = listener
  }

  /** Tells when the server has gone: at once, if it already has. */
  onEnd(listener: (reason: Error) => void): void {
    if (this.#ended) listener(this.#ended)
    else this.#endListeners.push(listener)
  }

  send(bytes: Buffer): void {
    if (!this.#ended) this.#transport.send(bytes)
  }

  /** Any answer, good or bad. Rejects on silence, on a lost connection and on what is not STUN. */
  request({method, id, bytes}: Request, {signal, waitMs, rtoMs = RTO_MS}: RequestLimits): Promise<Answer> {
    const startedAt = this.#now()
    const reliable = this.protocol !== 'udp'
    return new Promise((resolve, reject) => {
      let sends = 0
      let timer: NodeJS.Timeout | undefined
      const done = () => {
        clearTimeout(timer)
        clearTimeout(limit)
        signal.removeEventListener('abort', onAbort)
        this.#pending.delete(id)
      }
      const failed = (reason: Error) => {
        done()
        reject(reason)
      }
      const silence = (cause?: unknown) =>
        failed(
          new ProbeFailure('timeout', `no answer to ${times(method, sends)} within ${formatMs(this.#now() - startedAt)}`, {
            cause,
            hint: reliable
              ? 'the connection stands, but nothing speaks STUN on it'
              : 'the server is down, or a firewall drops UDP on the way there or back',
          }),
        )
      const onAbort = () => {
        const reason = signal.reason as Error
        if (reason instanceof ProbeFailure && reason.code === 'timeout') silence(reason)
        else failed(reason)
      }
      const transmit = () => {
        if (sends === (reliable ? 1 : MAX_SENDS)) return silence()
        this.send(bytes)
        sends++
        const interval = sends === MAX_SENDS ? LAST_WAIT * rtoMs : rtoMs * 2 ** (sends - 1)
        timer = setTimeout(transmit, reliable ? STREAM_WAIT_MS : interval)
      }
      const answered = (message: StunMessage) => {
        done()
        resolve({message, ms: this.#now() - startedAt, sends})
      }
      const limit = waitMs === undefined ? undefined : setTimeout(silence, waitMs)

      if (signal.aborted) return failed(signal.reason as Error)
      if (this.#ended) return failed(this.#ended)
      signal.addEventListener('abort', onAbort, {once: true})
      this.#pending.set(id, {answered, failed})
      transmit()
    })
  }

  close(): void {
    this.#transport.close()
    this.#end(new ProbeFailure('closed', 'the session is closed'))
  }

  #receive(bytes: Buffer): void {
    if (this.#spokeStun && isChannelData(bytes)) return this.#onOther(bytes)
    const message = decodeMessage(bytes)
    if (!message) {
      // RFC 8489 section 6.3 drops it in silence; a prober tells what it met in place of a first answer
      if (!this.#spokeStun) this.#end(notStun(bytes))
      return
    }
    this.#spokeStun = true
    if (message.class === 'indication') this.#onOther(bytes)
    else this.#pending.get(message.id)?.answered(message)
  }

  #end(reason: Error): void {
    if (this.#ended) return
    this.#ended = reason
    this.#transport.close()
    for (const {failed} of [...this.#pending.values()]) failed(reason)
    for (const listener of this.#endListeners) listener(reason)
  }
}

function times(method: string, sends: number): string {
  return sends === 1 ? `the ${method} request` : `${sends} ${method} requests`
}
