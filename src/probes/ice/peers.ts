import {
  RTCPeerConnection,
  type CandidatePair,
  type PeerConfig,
  type RTCDataChannel,
  type RTCSessionDescription,
} from 'werift'
import {ProbeFailure} from '../../core/errors.ts'
import type {Allocation} from '../turn/allocation.ts'
import {useRelay} from './relay-candidate.ts'
import {reached} from './wait.ts'

/** The two allocations of the peers. */
export interface Relays {
  readonly near: Allocation
  readonly far: Allocation
}

/** Both ends of the open data channel. */
export interface Channels {
  readonly near: RTCDataChannel
  readonly far: RTCDataChannel
}

/** Without its own address families werift has no candidate but ours; an empty list alone means a public STUN server to it. */
const RELAY_ONLY: Partial<PeerConfig> = {
  iceServers: [],
  iceTransportPolicy: 'relay',
  iceUseIpv4: false,
  iceUseIpv6: false,
}
/** One late message shall not hold up the others. Lost packets are sent again: werift takes `maxRetransmits: 0` for none given. */
const UNORDERED = {ordered: false} as const

/** Both ends of a WebRTC session in this process. Each has one candidate: its allocation on the TURN server. */
export class Peers {
  readonly #near = new RTCPeerConnection(RELAY_ONLY)
  readonly #far = new RTCPeerConnection(RELAY_ONLY)
  readonly #nearChannel = this.#near.createDataChannel('echo', UNORDERED)
  readonly #cuts: (() => void)[] = []
  #farChannel: RTCDataChannel | undefined

  constructor() {
    this.#far.onDataChannel.once((channel) => (this.#farChannel = channel))
  }

  /** Exchanges offer and answer up to the point where the checks begin. Returns what begins them. */
  async negotiate({near, far}: Relays): Promise<() => Promise<void>> {
    const offer = await this.#near.createOffer()
    this.#cuts.push(useRelay(this.#near, near))
    await this.#near.setLocalDescription(offer)
    await this.#far.setRemoteDescription(localDescription(this.#near))
    this.#cuts.push(useRelay(this.#far, far))
    const answer = await this.#far.createAnswer()
    return async () => {
      await this.#far.setLocalDescription(answer)
      await this.#near.setRemoteDescription(localDescription(this.#far))
    }
  }

  /** Both ends have a working pair. werift says `completed` when it has gathered, and never `failed` for want of a pair. */
  async iceConnected(signal: AbortSignal): Promise<void> {
    const transports = [...this.#near.iceTransports, ...this.#far.iceTransports]
    await Promise.all(transports.map((ice) => reached(() => ice.state === 'connected', ice.onStateChange, signal)))
  }

  async dtlsConnected(signal: AbortSignal): Promise<void> {
    const transports = [...this.#near.dtlsTransports, ...this.#far.dtlsTransports]
    await Promise.all(
      transports.map(async (dtls) => {
        const settled = () => dtls.state === 'connected' || dtls.state === 'failed'
        await reached(settled, dtls.onStateChange, signal)
        if (dtls.state === 'failed') throw new ProbeFailure('ice_engine', 'the DTLS handshake failed')
      }),
    )
  }

  async channelOpen(signal: AbortSignal): Promise<Channels> {
    const near = this.#nearChannel
    await reached(() => near.readyState === 'open', near.stateChanged, signal)
    await reached(() => this.#farChannel !== undefined, this.#far.onDataChannel, signal)
    return {near, far: this.#farChannel ?? near}
  }

  get selectedPair(): CandidatePair | undefined {
    return this.#near.iceTransports[0]?.connection.nominated
  }

  /** The candidate pairs of both ends, in the order of the ends. */
  get pairs(): CandidatePair[] {
    return [this.#near, this.#far].flatMap((peer) => peer.iceTransports[0]?.connection.candidatePairs ?? [])
  }

  /** Nothing of this session reaches the relays any more: they may serve another. */
  async close(): Promise<void> {
    for (const cut of this.#cuts) cut()
    await Promise.all([this.#near.close(), this.#far.close()])
  }
}

function localDescription(peer: RTCPeerConnection): RTCSessionDescription {
  if (!peer.localDescription) throw new Error('expected a local description, got none')
  return peer.localDescription
}
