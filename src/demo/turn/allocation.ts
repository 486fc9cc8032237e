import type {Socket} from 'node:dgram'
import {isIPv4} from 'node:net'
import {encodeChannelData} from '../../probes/stun/channel-data.ts'
import type {TransportAddress} from '../../probes/stun/message.ts'
import {Refusal} from './answer.ts'
import type {Client} from './client.ts'
import {dataIndication} from './data-indication.ts'
import type {Family} from './relay-socket.ts'

/** RFC 8656, sections 9 and 12: five and ten minutes. */
const PERMISSION_MS = 300_000
const CHANNEL_MS = 600_000
/** More of one client than any test or demo has. */
const MAX_PEERS = 1000

export interface AllocationSettings {
  readonly client: Client
  readonly user: string
  /** Of the request that made it: the same again is a retransmission. */
  readonly transactionId: Buffer
  readonly family: Family
  readonly relay: Socket
  /** Called once, when its lifetime has passed or it was closed. */
  readonly onEnd: () => void
}

/** One relayed transport address with its permissions and channels (RFC 8656, section 3.2). */
export class Allocation {
  readonly user: string
  readonly transactionId: Buffer
  readonly relayed: TransportAddress
  readonly #settings: AllocationSettings
  /** Peer addresses without ports, and until when they may send. */
  readonly #permissions = new Map<string, number>()
  readonly #channels = new Map<number, {readonly peer: TransportAddress; readonly until: number}>()
  #expiry: NodeJS.Timeout | undefined
  #ended = false

  constructor(settings: AllocationSettings) {
    const {relay} = settings
    this.#settings = settings
    this.user = settings.user
    this.transactionId = settings.transactionId
    this.relayed = relay.address()
    relay.on('error', () => {}) // a peer that does not listen is the peer's matter
    relay.on('message', (data, {address, port}) => this.#fromPeer({address, port}, data))
  }

  /** Begins its lifetime anew. */
  refresh(lifetimeS: number): void {
    clearTimeout(this.#expiry)
    this.#expiry = setTimeout(() => this.close(), lifetimeS * 1000)
  }

  checkFamily({address}: TransportAddress): void {
    if (isIPv4(address) !== (this.#settings.family === 1)) throw new Refusal(443)
  }

  permit({address}: TransportAddress): void {
    if (this.#permissions.size >= MAX_PEERS && !this.#permissions.has(address)) throw new Refusal(508)
    this.#permissions.set(address, performance.now() + PERMISSION_MS)
  }

  /** A channel and a peer belong to each other alone as long as the binding lives (RFC 8656, section 12.2). */
  bind(number: number, peer: TransportAddress): void {
    const bound = this.#peerOf(number)
    const other = this.#channelOf(peer)
    if ((bound && !isSame(bound, peer)) || (other !== undefined && other !== number)) throw new Refusal(400)
    this.permit(peer)
    this.#channels.set(number, {peer, until: performance.now() + CHANNEL_MS})
  }

  /** Without a permission the data is dropped in silence (RFC 8656, section 11.2). */
  send(peer: TransportAddress, data: Buffer): void {
    if (!this.#ended && this.#isPermitted(peer)) this.#settings.relay.send(data, peer.port, peer.address, () => {})
  }

  sendOnChannel(number: number, data: Buffer): void {
    const peer = this.#peerOf(number)
    if (peer) this.send(peer, data)
  }

  close(): void {
    if (this.#ended) return
    this.#ended = true
    clearTimeout(this.#expiry)
    this.#settings.relay.close()
    this.#settings.onEnd()
  }

  #fromPeer(peer: TransportAddress, data: Buffer): void {
    if (!this.#isPermitted(peer)) return
    const {client} = this.#settings
    const number = this.#channelOf(peer)
    client.send(number === undefined ? dataIndication(peer, data) : encodeChannelData(number, data))
  }

  #isPermitted({address}: TransportAddress): boolean {
    return (this.#permissions.get(address) ?? 0) > performance.now()
  }

  #peerOf(number: number): TransportAddress | undefined {
    const channel = this.#channels.get(number)
    return channel && channel.until > performance.now() ? channel.peer : undefined
  }

  #channelOf(peer: TransportAddress): number | undefined {
    for (const [number, {peer: bound, until}] of this.#channels)
      if (until > performance.now() && isSame(bound, peer)) return number
    return undefined
  }
}

function isSame(a: TransportAddress, b: TransportAddress): boolean {
  return a.address === b.address && a.port === b.port
}
