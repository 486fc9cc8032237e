import {DtlsClient, RTCPeerConnection, type CandidatePair, type PeerConfig, type RTCDataChannel} from 'werift'
import {ProbeFailure} from '../../core/errors.ts'
import {gatherFrom, type CandidateSources, type GatheredCandidate} from './candidates.ts'
import {Flights} from './flights.ts'
import {sctpOf} from './private-members.ts'
import {useTimersOfBrowsers} from './sctp-timers.ts'
import {reached} from './reached.ts'

export interface PeerSettings {
  readonly sources: CandidateSources
  readonly now: () => number
}

/** One late message shall not hold up the others. Lost packets are sent again: werift takes `maxRetransmits: 0` for none given. */
const UNORDERED = {ordered: false} as const

/** One end of a WebRTC session in this process: werift, made as patient and as quick as a browser. */
export class Peer {
  readonly candidates: GatheredCandidate[] = []
  readonly #connection: RTCPeerConnection
  readonly #settings: PeerSettings
  readonly #flights = new Flights()
  #cut = () => {}
  #channel: RTCDataChannel | undefined

  constructor(settings: PeerSettings) {
    this.#settings = settings
    this.#connection = new RTCPeerConnection(configOf(settings.sources))
    this.#connection.onDataChannel.once((channel) => (this.#channel = channel))
  }

  /** Gathers, and describes what it offers, candidates included. */
  async offer(): Promise<string> {
    this.#channel = this.#connection.createDataChannel('echo', UNORDERED)
    const offer = await this.#connection.createOffer()
    this.#prepare()
    await this.#connection.setLocalDescription(offer)
    return this.#description
  }

  /** Gathers, describes what it answers, and begins its connectivity checks. */
  async answer(sdp: string): Promise<string> {
    await this.#connection.setRemoteDescription({type: 'offer', sdp})
    this.#prepare()
    await this.#connection.setLocalDescription(await this.#connection.createAnswer())
    return this.#description
  }

  /** Takes the answer, and begins its connectivity checks. */
  async accept(sdp: string): Promise<void> {
    await this.#connection.setRemoteDescription({type: 'answer', sdp})
  }

  /** Has a working pair. werift says `completed` when it has gathered, and never `failed` for want of a pair. */
  async iceConnected(signal: AbortSignal): Promise<void> {
    await Promise.all(
      this.#connection.iceTransports.map((ice) => reached(() => ice.state === 'connected', ice.onStateChange, signal)),
    )
  }

  /** Both ends know that they may shake hands. */
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

  get #description(): string {
    const description = this.#connection.localDescription
    if (!description) throw new Error('expected a local description, got none')
    return description.sdp
  }

  #prepare(): void {
    useTimersOfBrowsers(sctpOf(this.#connection))
    this.#cut = gatherFrom(this.#connection, {
      sources: this.#settings.sources,
      flights: this.#flights,
      now: this.#settings.now,
      onCandidate: (candidate) => this.candidates.push(candidate),
    })
  }
}

function configOf({host}: CandidateSources): Partial<PeerConfig> {
  return {
    iceServers: [], // an empty list alone means a public STUN server to werift: `gatherFrom` names the one that is asked
    iceTransportPolicy: host ? 'all' : 'relay',
    iceUseIpv4: host !== undefined,
    iceUseIpv6: host !== undefined,
    bundlePolicy: 'max-bundle',
    ...(host && {iceAdditionalHostAddresses: [...host.loopback]}),
  }
}
