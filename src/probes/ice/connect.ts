import type {Trace} from '../probe.ts'
import type {CandidateSources} from '../webrtc/candidates.ts'
import {
  checkConnectivity,
  closeEnds,
  shakeHands,
  Stalled,
  type Channels,
  type Ends,
  type Limits,
} from '../webrtc/ends.ts'
import {Peer} from '../webrtc/peer.ts'

export interface ConnectPlan extends Limits {
  readonly sources: Readonly<Record<keyof Ends, CandidateSources>>
  /** Whether the candidates are such that ICE says something of the system. */
  readonly judged: boolean
}

/** A connected session. The caller closes it. */
export interface Session {
  readonly ends: Ends
  readonly channels: Channels
}

const TRIES = 2
const WHOLE = {trickle: false} as const

/**
 * Connects two peers in the phases `negotiate, ice, dtls, data_channel`. A handshake that stalls over a working pair is
 * begun again once, with new peers over the same relays, and that is told.
 */
export async function connect(plan: ConnectPlan, trace: Trace): Promise<Session> {
  for (let tries = 1; ; tries++) {
    const peer = (sources: CandidateSources) => new Peer({sources, now: () => trace.now()})
    const ends = {near: peer(plan.sources.near), far: peer(plan.sources.far)}
    try {
      trace.phase('negotiate')
      const answer = await ends.far.answer(await ends.near.offer(WHOLE), WHOLE)
      const iceMs = await checkConnectivity(ends, {...plan, begun: () => ends.near.accept(answer)}, trace)
      if (tries === 1 && plan.judged) trace.event({indicator: 'ice_connection', ok: true, value: iceMs})
      const channels = await shakeHands(ends, plan, trace)
      if (tries === 1) trace.event({indicator: 'ice_engine', ok: true})
      return {ends, channels}
    } catch (error) {
      await closeEnds(ends)
      if (!(error instanceof Stalled) || tries === TRIES) throw error
      trace.event({indicator: 'ice_engine', ok: false})
      trace.fact(error.retriesFact, tries)
    }
  }
}
