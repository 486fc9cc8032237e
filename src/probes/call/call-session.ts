import type {Side} from '../../dialect/plan.ts'
import {dialled} from '../connect-to-option.ts'
import type {Target, Trace} from '../probe.ts'
import type {Media} from '../signaling/media.ts'
import {parseTurnUri} from '../stun/uri.ts'
import {echo} from '../webrtc/echo.ts'
import {checkConnectivity, closeEnds, shakeHands, type Ends} from '../webrtc/ends.ts'
import {kinds} from '../webrtc/media-shape.ts'
import {Peer} from '../webrtc/peer.ts'
import {openSources, type Sources} from '../webrtc/sources.ts'
import {exchangeMedia} from './exchange-media.ts'
import {judgesIce, type CallOptions} from './options.ts'

/** All of TURN is one phase of a call, told in another probe's detail. */
const unphased = {phase: () => {}, skip: () => {}} as const

/** The two peers of a call, A's near and B's far, from their first word in signaling until they hang up. */
export class CallSession {
  readonly #options: CallOptions
  readonly #target: Target
  readonly #trace: Trace
  readonly media: Readonly<Record<Side, Media>>
  #gathered: Promise<{ends: Ends; sources: Sources}> | undefined
  #offeredAt = Number.NaN

  constructor(options: CallOptions, target: Target, trace: Trace) {
    this.#options = options
    this.#target = target
    this.#trace = trace
    this.media = {a: this.#mediaOf('a'), b: this.#mediaOf('b')}
  }

  /** One end, as signaling asks for it. Its peer is made when it is first asked: nobody takes a relay before there is a match. */
  #mediaOf(side: Side): Media {
    const peer = async () => (await this.#gather()).ends[side === 'a' ? 'near' : 'far']
    let onCandidate: Parameters<Media['onCandidate']>[0] = () => {}
    const heard = async () => {
      const own = await peer()
      own.onCandidate(onCandidate)
      return own
    }
    return {
      onCandidate: (listener) => void (onCandidate = listener),
      offer: async (how) => (await heard()).offer(how),
      answer: async (offer, how) => (await heard()).answer(offer, how),
      accept: async (answer) => (await peer()).accept(answer),
      addCandidate: async (candidate) => (await peer()).addCandidate(candidate),
    }
  }

  /** What a call is, once offer and answer were exchanged. */
  async converse(): Promise<void> {
    const {connectTimeout, handshakeTimeout, messages, interval, media} = this.#options
    const {ends, sources} = await this.#gather()
    const trace = {...this.#trace, signal: AbortSignal.any([this.#trace.signal, sources.lost])}
    const iceMs = await checkConnectivity(ends, {begun: () => Promise.resolve(), iceTimeoutMs: connectTimeout}, trace)
    if (judgesIce(this.#options)) trace.event({indicator: 'ice_connection', ok: true, value: iceMs})
    const channels = await shakeHands(ends, {handshakeTimeoutMs: handshakeTimeout}, trace)
    trace.event({indicator: 'ice_engine', ok: true})
    const setupMs = trace.now() - this.#offeredAt
    trace.event({indicator: 'call_setup', ok: true, value: setupMs})
    trace.fact('call_setup_ms', Math.round(setupMs * 1000) / 1000)
    trace.phase('echo')
    await echo(channels, {messages, intervalMs: interval}, trace)
    if (media === 0) return
    trace.phase('media')
    await exchangeMedia(ends, media, trace)
  }

  async close(): Promise<void> {
    const gathered = await this.#gathered?.catch(() => undefined) // what it failed with was told
    if (!gathered) return
    await closeEnds(gathered.ends)
    await gathered.sources.release()
  }

  /** Takes relays and makes both peers, in the phase `gather`. */
  #gather(): Promise<{ends: Ends; sources: Sources}> {
    this.#gathered ??= this.#open()
    return this.#gathered
  }

  #host(turn: CallOptions['turn']): string {
    if (turn) return dialled(parseTurnUri(turn.address), turn.connectTo).host
    return new URL(this.#target.address).hostname.replace(/^\[|\]$/g, '') // of an IPv6 address
  }

  async #open(): Promise<{ends: Ends; sources: Sources}> {
    const {turn, policy = turn ? 'relay' : 'host'} = this.#options
    this.#trace.phase('gather')
    const sources = await openSources({policy, turn, host: this.#host(turn)}, {...this.#trace, ...unphased})
    this.#trace.phase('offer')
    this.#offeredAt = this.#trace.now()
    const peer = (end: 'near' | 'far') => new Peer({sources: sources[end], now: () => this.#trace.now(), media: kinds})
    return {ends: {near: peer('near'), far: peer('far')}, sources}
  }
}
