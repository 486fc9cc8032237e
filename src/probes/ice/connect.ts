import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {describePairs, tellPairs} from './pairs.ts'
import {Peers, type Channels, type Relays} from './peers.ts'
import {within} from './wait.ts'

export interface ConnectPlan {
  readonly relays: Relays
  readonly iceTimeoutMs: number
  /** For DTLS, and again for the data channel. */
  readonly handshakeTimeoutMs: number
}

/** A connected session. The caller closes it. */
export interface Session extends Channels {
  close(): Promise<void>
}

const TRIES = 2

/**
 * Connects two peers through their relays, in the phases `negotiate, ice, dtls, data_channel`. A handshake that stalls
 * is begun again once, with new peers over the same relays: werift's DTLS loses its way on packets that overtake each
 * other, and its SCTP waits 3 s before it sends a lost packet again (RTO.Initial of RFC 4960, section 15).
 */
export async function connect(plan: ConnectPlan, trace: Trace): Promise<Session> {
  for (let tries = 1; ; tries++) {
    const peers = new Peers()
    try {
      const iceMs = await checkConnectivity(peers, plan, trace)
      if (tries === 1) trace.event({indicator: 'ice_connection', ok: true, value: iceMs})
      const channels = await shakeHands(peers, plan, trace)
      return {...channels, close: () => peers.close()}
    } catch (error) {
      await peers.close()
      if (!(error instanceof Stalled) || tries === TRIES) throw error
      trace.fact(error.retriesFact, tries)
    }
  }
}

/** Milliseconds until both ends had a working candidate pair, their first checks included. */
async function checkConnectivity(peers: Peers, {relays, iceTimeoutMs}: ConnectPlan, trace: Trace): Promise<number> {
  trace.phase('negotiate')
  const begin = await peers.negotiate(relays)
  trace.phase('ice')
  const startedAt = trace.now()
  const limit = {ms: iceTimeoutMs, signal: trace.signal, failure: () => iceFailed(peers, iceTimeoutMs)}
  try {
    await within(limit, async (signal) => {
      await begin()
      await peers.iceConnected(signal)
    })
  } finally {
    tellPairs(peers, trace)
  }
  const iceMs = trace.now() - startedAt
  trace.fact('ice_ms', rounded(iceMs))
  return iceMs
}

function iceFailed(peers: Peers, iceTimeoutMs: number): ProbeFailure {
  return new ProbeFailure(
    'ice_failed',
    `no candidate pair works after ${formatMs(iceTimeoutMs)}: ${describePairs(peers)}`,
    {
      hint: "the relays do not reach each other: look at the firewall of the server's relay ports, and at its external address",
    },
  )
}

/** DTLS and the data channel: the engine's own time, about 100 ms of it asleep. */
async function shakeHands(peers: Peers, {handshakeTimeoutMs: ms}: ConnectPlan, trace: Trace): Promise<Channels> {
  const {signal} = trace
  trace.phase('dtls')
  const startedAt = trace.now()
  const dtls = {ms, signal, failure: () => new Stalled('dtls', `the DTLS handshake did not end within ${formatMs(ms)}`)}
  await within(dtls, (step) => peers.dtlsConnected(step))
  trace.phase('data_channel')
  const securedAt = trace.now()
  trace.fact('dtls_ms', rounded(securedAt - startedAt))
  const opening = {
    ms,
    signal,
    failure: () => new Stalled('data_channel', `the data channel did not open within ${formatMs(ms)}`),
  }
  const channels = await within(opening, (step) => peers.channelOpen(step))
  trace.fact('data_channel_ms', rounded(trace.now() - securedAt))
  return channels
}

/** The candidate pair works, and what goes over it does not come about. */
class Stalled extends ProbeFailure {
  /** Tells how often it was begun again. */
  readonly retriesFact: string

  constructor(stage: 'dtls' | 'data_channel', message: string) {
    super('ice_engine', `${message} over a working candidate pair`, {
      hint: 'the path may lose packets, or hold back larger ones; a slow path needs a longer `handshakeTimeout`',
    })
    this.retriesFact = `${stage}_retries`
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
