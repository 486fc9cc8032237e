import {ProbeFailure} from '../../core/errors.ts'
import {decodeChannelData, encodeChannelData} from '../stun/channel-data.ts'
import {type Attributes, encodeSend, type Method, type TransportAddress} from '../stun/message.ts'
import {describeError, type ResponseError} from '../stun/response-error.ts'
import type {Answer} from '../stun/transaction.ts'
import {hostPort} from '../stun/uri.ts'
import type {SignedSession} from './signed-session.ts'

export interface AllocationFacts {
  readonly relayed: TransportAddress
  /** Our own address as the server sees it. */
  readonly mapped: TransportAddress | undefined
  readonly lifetimeS: number
  readonly software: string | undefined
  /** From the first request to the allocation, the challenge included. */
  readonly allocatedInMs: number
}

export type Released = 'released' | 'refused' | 'no answer'

/** Permissions, channels and refreshes come late in an attempt: silence there must leave time to fall back. */
const STEP_WAIT_MS = 2000
/** A release is a courtesy: it may not hold up the end of an attempt. */
const RELEASE_WAIT_MS = 600
const RELEASE_RTO_MS = 200
/** A server that grants no time at all is not to be flooded. */
const SHORTEST_REFRESH_MS = 250
const LONGEST_TIMER_MS = 2 ** 31 - 1
/** RFC 8656 section 12: channel numbers 0x4000 to 0x4FFF. */
const FIRST_CHANNEL = 0x4000
const LAST_CHANNEL = 0x4fff

/** A relayed address of ours on a TURN server (RFC 8656). It refreshes itself until it is released. */
export class Allocation implements AllocationFacts {
  readonly relayed: TransportAddress
  readonly mapped: TransportAddress | undefined
  readonly lifetimeS: number
  readonly software: string | undefined
  readonly allocatedInMs: number
  readonly #signed: SignedSession
  readonly #signal: AbortSignal
  readonly #channels = new Map<string, number>()
  readonly #peers = new Map<number, TransportAddress>()
  #nextChannel = FIRST_CHANNEL
  #refreshTimer: NodeJS.Timeout | undefined
  #released: Promise<Released> | undefined
  #onData: (data: Buffer, from: TransportAddress) => void = () => {}

  constructor(signed: SignedSession, facts: AllocationFacts, signal: AbortSignal) {
    this.relayed = facts.relayed
    this.mapped = facts.mapped
    this.lifetimeS = facts.lifetimeS
    this.software = facts.software
    this.allocatedInMs = facts.allocatedInMs
    this.#signed = signed
    this.#signal = signal
    signed.session.onChannelData((bytes) => {
      const message = decodeChannelData(bytes)
      const peer = message && this.#peers.get(message.channel)
      if (peer) this.#onData(message.data, peer)
    })
    signed.session.onIndication(({peer, data}) => {
      if (peer && data) this.#onData(data, peer)
    })
    this.#refreshIn(facts.lifetimeS)
  }

  get protocol(): SignedSession['session']['protocol'] {
    return this.#signed.session.protocol
  }

  /** Methods whose success the server did not sign. */
  get unsigned(): readonly Method[] {
    return [...this.#signed.unsigned]
  }

  /** The one listener for what peers send, by channel or by indication. */
  onData(listener: (data: Buffer, from: TransportAddress) => void): void {
    this.#onData = listener
  }

  /** Tells when the server closes the connection or its port. */
  onEnd(listener: (reason: Error) => void): void {
    this.#signed.session.onEnd(listener)
  }

  /** CreatePermission: lets a peer's address (its port does not matter) send to us, for 300 s. */
  async permit(peer: TransportAddress): Promise<void> {
    await this.#request('CreatePermission', {peer})
  }

  /** ChannelBind: four bytes of overhead instead of 36 from now on, and a permission with it. Lasts 600 s. */
  async bindChannel(peer: TransportAddress): Promise<number> {
    const key = hostPort(peer.address, peer.port)
    const channel = this.#channels.get(key) ?? this.#nextChannel++
    if (channel > LAST_CHANNEL) throw new RangeError('out of channel numbers')
    this.#peers.set(channel, peer) // the first data may overtake the answer
    await this.#request('ChannelBind', {channel, peer})
    this.#channels.set(key, channel)
    return channel
  }

  /** By channel where one is bound, else by indication. */
  send(peer: TransportAddress, data: Buffer): void {
    const channel = this.#channels.get(hostPort(peer.address, peer.port))
    this.#signed.session.send(channel === undefined ? encodeSend(peer, data) : encodeChannelData(channel, data))
  }

  /** Prolongs the allocation. Resolves with the seconds that the server grants. */
  async refresh(): Promise<number> {
    const {message} = await this.#request('Refresh', {lifetimeS: this.lifetimeS})
    const granted = message.lifetimeS ?? this.lifetimeS
    this.#refreshIn(granted)
    return granted
  }

  /**
   * Gives the relayed address back and closes the connection, whatever the server answers. Never rejects, works after
   * an abort too, and takes 600 ms at most. Called again, it tells the same.
   */
  release(): Promise<Released> {
    this.#released ??= this.#release()
    return this.#released
  }

  async #release(): Promise<Released> {
    clearTimeout(this.#refreshTimer)
    const limits = {signal: new AbortController().signal, waitMs: RELEASE_WAIT_MS, rtoMs: RELEASE_RTO_MS}
    try {
      const {message} = await this.#signed.request('Refresh', {lifetimeS: 0}, limits)
      return message.class === 'success' ? 'released' : 'refused'
    } catch {
      return 'no answer' // silence or a closed connection: the server will let the allocation go by itself
    } finally {
      this.#signed.session.close()
    }
  }

  async #request(method: Method, attributes: Attributes): Promise<Answer> {
    const answer = await this.#signed.request(method, attributes, {signal: this.#signal, waitMs: STEP_WAIT_MS})
    const {class: kind, error} = answer.message
    if (kind !== 'success') throw new StepRefused(method, error)
    return answer
  }

  #refreshIn(lifetimeS: number): void {
    clearTimeout(this.#refreshTimer)
    // halfway, and a minute ahead at best (RFC 8656 section 8); one that lapses all the same shows as lost packets
    const delayMs = 1000 * Math.max(lifetimeS / 2, lifetimeS - 60)
    const bounded = Math.min(Math.max(delayMs, SHORTEST_REFRESH_MS), LONGEST_TIMER_MS)
    this.#refreshTimer = setTimeout(() => void this.refresh().catch(() => {}), bounded)
  }
}

/** What a server answered to a step after the allocation: never "credentials rejected", those were good a moment ago. */
export class StepRefused extends ProbeFailure {
  constructor(method: Method, error: ResponseError | undefined) {
    const code = error?.code === 403 || error?.code === 443 ? 'turn_forbidden' : 'stun_error'
    const said = error ? describeError(error) : 'an error without ERROR-CODE'
    super(error?.code === 438 ? 'turn_stale_nonce' : code, `${method} refused (${said})`)
  }
}
