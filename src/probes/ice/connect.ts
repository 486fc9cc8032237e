import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {describePairs, tellPairs} from './pairs.ts'
import {Peers, type Channels, type Relays} from './peers.ts'
import {within} from './wait.ts'

/** werift sends a flight of DTLS again after 0.5 and 1.5 s; what that does not bring about, nothing does. */
const DTLS_MS = 2500
const DTLS_TRIES = 2
/** SCTP sends again by itself, the first time after 3 s (RTO.Initial of RFC 4960, section 15). */
const DATA_CHANNEL_MS = 4000

export interface ConnectPlan {
  readonly relays: Relays
  readonly iceTimeoutMs: number
}

/** A connected session. The caller closes it. */
export interface Session extends Channels {
  close(): Promise<void>
}

/**
 * Connects two peers through their relays, in the phases `negotiate, ice, dtls, data_channel`. A DTLS handshake
 * that stalls is begun again once, with new peers over the same relays: it is the engine that loses its way on packets
 * that overtake each other.
 */
export async function connect(plan: ConnectPlan, trace: Trace): Promise<Session> {
  for (let tries = 1; ; tries++) {
    const peers = new Peers()
    try {
      const iceMs = await checkConnectivity(peers, plan, trace)
      if (tries === 1) trace.event({indicator: 'ice_connection', ok: true, value: iceMs})
      const channels = await shakeHands(peers, trace)
      return {...channels, close: () => peers.close()}
    } catch (error) {
      await peers.close()
      if (!(error instanceof StalledHandshake) || tries === DTLS_TRIES) throw error
      trace.fact('dtls_retries', tries)
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
async function shakeHands(peers: Peers, trace: Trace): Promise<Channels> {
  const {signal} = trace
  trace.phase('dtls')
  const startedAt = trace.now()
  await within({ms: DTLS_MS, signal, failure: () => new StalledHandshake()}, (step) => peers.dtlsConnected(step))
  trace.phase('data_channel')
  const securedAt = trace.now()
  trace.fact('dtls_ms', rounded(securedAt - startedAt))
  const channels = await within({ms: DATA_CHANNEL_MS, signal, failure: notOpened}, (step) => peers.channelOpen(step))
  trace.fact('data_channel_ms', rounded(trace.now() - securedAt))
  return channels
}

class StalledHandshake extends ProbeFailure {
  constructor() {
    super(
      'ice_engine',
      `DTLS did not end its handshake within ${formatMs(DTLS_MS)}, twice, over a working candidate pair`,
      {
        hint: 'the path may lose or hold back larger packets',
      },
    )
  }
}

function notOpened(): ProbeFailure {
  return new ProbeFailure('ice_engine', `the data channel did not open within ${formatMs(DATA_CHANNEL_MS)} over DTLS`, {
    hint: 'the path loses packets after the handshake: look at rate limits of the TURN server',
  })
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
