import {decodeChannelData, encodeChannelData} from '../stun/channel-data.ts'
import {type Attributes, encodeSend, type Method, type TransportAddress} from '../stun/message.ts'
import type {Answer} from '../stun/transaction.ts'
import {hostPort} from '../stun/uri.ts'
import {Renewal} from './renewal.ts'
import type {SignedSession} from './signed-session.ts'
import {StepRefused} from './step-refused.ts'

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
  readonly #renewal = new Renewal(() => this.refresh())
  #nextChannel = FIRST_CHANNEL
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
    this.#renewal.after(facts.lifetimeS)
  }

  get protocol(): SignedSession['session']['protocol'] {
    return this.#signed.session.protocol
  }

  /** Our own address as this machine sees it. */
  get local(): TransportAddress {
    return this.#signed.session.local
  }

  /** The server that gave it, for a second allocation there: a name may stand for many. */
  get at(): SignedSession['session']['at'] {
    return this.#signed.session.at
  }

  /** Methods whose success the server did not sign. */
  get unsigned(): readonly Method[] {
    return [...this.#signed.unsigned]
  }

  /** Why the server has not prolonged the allocation: it lapses, or has. */
  get lapse(): Error | undefined {
    return this.#renewal.failure
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

  /** A whole ChannelData message, as it is: for those who send thousands a second. */
  sendChannelData(message: Buffer): void {
    this.#signed.session.send(message)
  }

  /** Hears ChannelData messages as they come, from whatever channel, in place of `onData`. */
  onChannelData(listener: (message: Buffer) => void): void {
    this.#signed.session.onChannelData(listener)
  }

  /** Prolongs the allocation, as it does by itself in time. Resolves with the seconds that the server grants. */
  async refresh(): Promise<number> {
    const {message} = await this.#request('Refresh', {lifetimeS: this.lifetimeS})
    return message.lifetimeS ?? this.lifetimeS
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
    this.#renewal.stop()
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
    if (answer.message.class !== 'success') throw new StepRefused(method, answer.message)
    return answer
  }
}
