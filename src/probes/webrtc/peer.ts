import {
  DtlsClient,
  RTCPeerConnection,
  type CandidatePair,
  type MediaStreamTrack,
  type PeerConfig,
  type RTCDataChannel,
  type RTCSessionDescription,
} from 'werift'
import {ProbeFailure} from '../../core/errors.ts'
import type {Candidate} from '../../dialect/candidate.ts'
import {gatherFrom, type CandidateSources, type GatheredCandidate} from './candidates.ts'
import {Flights} from './flights.ts'
import type {Kind} from './media-shape.ts'
import {codecs, newTrack} from './media-stream.ts'
import {sctpOf} from './private-members.ts'
import {reached} from './reached.ts'
import {useTimersOfBrowsers} from './sctp-timers.ts'

export interface PeerSettings {
  readonly sources: CandidateSources
  readonly now: () => number
  /** What it sends and receives beside its data channel. */
  readonly media?: readonly Kind[]
}

interface Trickle {
  /** Candidates follow the description; without, it holds them all. */
  readonly trickle: boolean
}

/** One late message shall not hold up the others. Lost packets are sent again: werift takes `maxRetransmits: 0` for none given. */
const UNORDERED = {ordered: false} as const

/** One end of a WebRTC session in this process: werift, made as patient and as quick as a browser. */
export class Peer {
  readonly candidates: GatheredCandidate[] = []
  /** What it sends by, and what it receives by once the other end's description is there. */
  readonly outgoing: readonly MediaStreamTrack[]
  readonly incoming: MediaStreamTrack[] = []
  readonly #connection: RTCPeerConnection
  readonly #settings: PeerSettings
  readonly #flights = new Flights()
  #cut = () => {}
  #channel: RTCDataChannel | undefined

  constructor(settings: PeerSettings) {
    this.#settings = settings
    this.#connection = new RTCPeerConnection(configOf(settings.sources))
    this.#connection.onDataChannel.once((channel) => (this.#channel = channel))
    this.#connection.onTrack.subscribe((track) => void this.incoming.push(track))
    this.outgoing = (settings.media ?? []).map(newTrack)
    for (const track of this.outgoing) this.#connection.addTransceiver(track, {direction: 'sendrecv'})
  }

  /** Hears of each candidate, and of the end of the gathering as null. */
  onCandidate(listener: (candidate: Candidate | null) => void): void {
    this.#connection.onIceCandidate.subscribe((found) => {
      const {candidate, sdpMid, sdpMLineIndex} = found?.toJSON() ?? {}
      listener(candidate === undefined ? null : {candidate, mid: sdpMid ?? null, mLine: sdpMLineIndex ?? null})
    })
  }

  async offer({trickle}: Trickle): Promise<string> {
    this.#channel = this.#connection.createDataChannel('echo', UNORDERED)
    const offer = await this.#connection.createOffer()
    return this.#describe(offer, trickle)
  }

  /** Begins its connectivity checks, too. */
  async answer(sdp: string, {trickle}: Trickle): Promise<string> {
    await this.#hear('offer', sdp)
    return this.#describe(await this.#connection.createAnswer(), trickle)
  }

  /** Takes the answer, and begins its connectivity checks. */
  accept(sdp: string): Promise<void> {
    return this.#hear('answer', sdp)
  }

  async addCandidate({candidate, mid, mLine}: Candidate): Promise<void> {
    const place = {...(mid !== null && {sdpMid: mid}), ...(mLine !== null && {sdpMLineIndex: mLine})}
    await this.#connection.addIceCandidate({candidate, ...place})
  }

  /** Has a working pair. werift says `completed` when it has gathered, and never `failed` for want of a pair. */
  async iceConnected(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#connection.iceTransports.map((ice) => reached(() => ice.state === 'connected', ice.onStateChange, signal)),
    )
  }

  /** Knows that it may shake hands. */
  async dtlsReady(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#connection.dtlsTransports.map((dtls) => reached(() => dtls.state !== 'new', dtls.onStateChange, signal)),
    )
  }

  /** Sends the first message of the handshake, if it is this end's: werift sleeps 100 ms first, for the other to be ready. */
  beginHandshake(): void {
    for (const {dtls} of this.#connection.dtlsTransports) {
      if (!(dtls instanceof DtlsClient)) continue
      const begun = dtls.connect()
      begun.catch(() => {}) // the transport hears of it when it wakes up
      dtls.connect = () => begun
    }
  }

  async dtlsConnected(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#connection.dtlsTransports.map(async (dtls) => {
        const settled = () => dtls.state === 'connected' || dtls.state === 'failed'
        await reached(settled, dtls.onStateChange, signal)
        if (dtls.state === 'failed') throw new ProbeFailure('ice_engine', 'the DTLS handshake failed')
      }),
    )
  }

  /** The open data channel: the one that was offered. */
  async channelOpen(signal: AbortSignal): Promise<RTCDataChannel> {
    await reached(() => this.#channel !== undefined, this.#connection.onDataChannel, signal)
    const channel = this.#channel
    if (!channel) throw new Error('expected a data channel, got none')
    await reached(() => channel.readyState === 'open', channel.stateChanged, signal)
    return channel
  }

  get selectedPair(): CandidatePair | undefined {
    return this.#connection.iceTransports[0]?.connection.nominated
  }

  get pairs(): CandidatePair[] {
    return this.#connection.iceTransports[0]?.connection.candidatePairs ?? []
  }

  /** Nothing of this session reaches the relay any more: it may serve another. */
  async close(): Promise<void> {
    this.#cut()
    this.#flights.close()
    await this.#connection.close()
  }

  async #hear(type: 'offer' | 'answer', sdp: string): Promise<void> {
    try {
      await this.#connection.setRemoteDescription({type, sdp})
    } catch (cause) {
      const message = `expected an ${type} in SDP that a peer can take, got one that it refuses (${(cause as Error).message})`
      throw new ProbeFailure('sdp_refused', message, {cause})
    }
  }

  async #describe(description: RTCSessionDescription, trickle: boolean): Promise<string> {
    useTimersOfBrowsers(sctpOf(this.#connection))
    this.#cut = gatherFrom(this.#connection, {
      sources: this.#settings.sources,
      flights: this.#flights,
      now: this.#settings.now,
      onCandidate: (candidate) => this.candidates.push(candidate),
    })
    const gathered = this.#connection.setLocalDescription(description)
    if (trickle) return description.sdp
    await gathered
    return this.#connection.localDescription?.sdp ?? description.sdp
  }
}

/** Makes what all peers share, the certificate above all, so that it falls into nobody's measurement. */
export async function prepareEngine(): Promise<void> {
  const peer = new RTCPeerConnection(configOf({}))
  peer.createDataChannel('echo')
  await peer.createOffer()
  await peer.close()
}

function configOf({host}: CandidateSources): Partial<PeerConfig> {
  return {
    iceServers: [], // an empty list alone means a public STUN server to werift: `gatherFrom` names the one that is asked
    iceTransportPolicy: host ? 'all' : 'relay',
    iceUseIpv4: host !== undefined,
    iceUseIpv6: host !== undefined,
    bundlePolicy: 'max-bundle',
    codecs: codecs(),
    ...(host && {iceAdditionalHostAddresses: [...host.loopback]}),
  }
}
