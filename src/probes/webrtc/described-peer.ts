import {RTCPeerConnection} from 'werift'
import {ProbeFailure} from '../../core/errors.ts'
import {UNREACHABLE, type Candidate} from '../../dialect/candidate.ts'

/**
 * A peer that describes itself truly and connects to nobody: many servers parse descriptions and refuse made-up ones.
 * It never takes its own description for its own, so it opens no socket and sends no check.
 */
export class DescribedPeer {
  readonly #peer = new RTCPeerConnection({iceServers: []})
  #listener: (candidate: Candidate | null) => void = () => {}

  onCandidate(listener: (candidate: Candidate | null) => void): void {
    this.#listener = listener
  }

  async offer(): Promise<string> {
    this.#peer.addTransceiver('audio')
    this.#peer.createDataChannel('probe')
    const {sdp} = await this.#peer.createOffer()
    return this.#described(sdp)
  }

  async answer(offer: string): Promise<string> {
    try {
      await this.#peer.setRemoteDescription({type: 'offer', sdp: offer})
      const {sdp} = await this.#peer.createAnswer()
      return this.#described(sdp)
    } catch (cause) {
      const message = `expected an offer in SDP that a peer can answer, got one that it refuses (${(cause as Error).message})`
      throw new ProbeFailure('sdp_refused', message, {cause})
    }
  }

  /** Nobody connects: whether the server knows a description from another text is the dialect's to say. */
  accept(): Promise<void> {
    return Promise.resolve()
  }

  addCandidate(): Promise<void> {
    return Promise.resolve()
  }

  close(): Promise<void> {
    return this.#peer.close()
  }

  #described(sdp: string): string {
    queueMicrotask(() => this.#listener(UNREACHABLE))
    return sdp
  }
}

/** Makes what all peers share, the certificate above all, so that it falls into nobody's measurement. */
export async function prepareDescriptions(): Promise<void> {
  const peer = new DescribedPeer()
  await peer.offer()
  await peer.close()
}
