import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {isChannelData} from './channel-data.ts'
import {decodeMessage, type Request, type StunMessage} from './message.ts'
import {notStun} from './not-stun.ts'
import {Pace} from './pace.ts'
import {type Answer, type RequestLimits, Transaction} from './transaction.ts'
import type {StunTransport} from './transport.ts'

/** A client's conversation with one server over one transport: pairs answers with requests. */
export class StunSession {
  readonly #transport: StunTransport
  readonly #now: Trace['now']
  readonly #pending = new Map<string, Transaction>()
  readonly #endListeners: ((reason: Error) => void)[] = []
  readonly #pace = new Pace()
  #ended: Error | undefined
  #spokeStun = false
  #onChannelData: (bytes: Buffer) => void = () => {}
  #onIndication: (message: StunMessage) => void = () => {}

  constructor(transport: StunTransport, {now}: Pick<Trace, 'now'>) {
    this.#transport = transport
    this.#now = now
    transport.listen({message: (bytes) => this.#receive(bytes), ended: (reason) => this.#end(reason)})
  }

  get protocol(): StunTransport['protocol'] {
    return this.#transport.protocol
  }

  get local(): StunTransport['local'] {
    return this.#transport.local
  }

  get at(): StunTransport['at'] {
    return this.#transport.at
  }

  /** Any answer, good or bad. Rejects on silence, on a lost connection and on what is not STUN. */
  async request(request: Request, limits: RequestLimits): Promise<Answer> {
    limits.signal.throwIfAborted()
    if (this.#ended) throw this.#ended
    const wire = {protocol: this.protocol, send: (bytes: Buffer) => this.send(bytes), now: this.#now}
    const transaction = new Transaction(request, wire, {rtoMs: this.#pace.rtoMs, ...limits})
    this.#pending.set(request.id, transaction)
    try {
      const answer = await transaction.outcome
      this.#pace.answered(answer)
      return answer
    } finally {
      this.#pending.delete(request.id)
    }
  }

  send(bytes: Buffer): void {
    if (!this.#ended) this.#transport.send(bytes)
  }

  onChannelData(listener: (bytes: Buffer) => void): void {
    this.#onChannelData = listener
  }

  onIndication(listener: (message: StunMessage) => void): void {
    this.#onIndication = listener
  }

  /** Tells when the server has gone: at once, if it already has. */
  onEnd(listener: (reason: Error) => void): void {
    if (this.#ended) listener(this.#ended)
    else this.#endListeners.push(listener)
  }

  close(): void {
    this.#end(new ProbeFailure('closed', 'the session is closed'))
  }

  #receive(bytes: Buffer): void {
    if (this.#spokeStun && isChannelData(bytes)) {
      this.#onChannelData(bytes)
      return
    }
    const message = decodeMessage(bytes)
    if (!message) {
      // RFC 8489 section 6.3 drops it in silence; a prober tells what it met in place of a first answer
      if (!this.#spokeStun) this.#end(notStun(bytes))
      return
    }
    this.#spokeStun = true
    if (message.class === 'indication') this.#onIndication(message)
    else this.#pending.get(message.id)?.answered(message)
  }

  #end(reason: Error): void {
    if (this.#ended) return
    this.#ended = reason
    this.#transport.close()
    for (const transaction of this.#pending.values()) transaction.failed(reason)
    for (const listener of this.#endListeners) listener(reason)
  }
}
