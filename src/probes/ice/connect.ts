import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {describePairs, tellPairs} from './pairs.ts'
import {Peers, type Channels, type Relays} from './peers.ts'
import {within} from './wait.ts'

/**
 * How long each of the engine's handshakes may take. werift sends a flight again after 0.5 and 1.5 s; what that does not
 * bring about, nothing does.
 */
const STALLED_AFTER_MS = 2500
const TRIES = 2

export interface ConnectPlan {
  readonly relays: Relays
  readonly iceTimeoutMs: number
}

/** A connected session. The caller closes it. */
export interface Session extends Channels {
  close(): Promise<void>
}

/**
 * Connects two peers through their relays, in the phases `negotiate, ice, dtls, data_channel`. A handshake that stalls
 * is begun again once, with new peers over the same relays: more often than not it is the engine that lost its way.
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
      if (!(error instanceof Stalled) || tries === TRIES) throw error
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
  const limit = (what: string) => ({
    ms: STALLED_AFTER_MS,
    signal: trace.signal,
    failure: () => new Stalled(what),
  })
  trace.phase('dtls')
  const startedAt = trace.now()
  await within(limit('the DTLS handshake'), (signal) => peers.dtlsConnected(signal))
  trace.phase('data_channel')
  const securedAt = trace.now()
  trace.fact('dtls_ms', rounded(securedAt - startedAt))
  const channels = await within(limit('the opening of the data channel'), (signal) => peers.channelOpen(signal))
  trace.fact('data_channel_ms', rounded(trace.now() - securedAt))
  return channels
}

class Stalled extends ProbeFailure {
  constructor(what: string) {
    super(
      'ice_engine',
      `${what} did not end within ${formatMs(STALLED_AFTER_MS)}, twice, over a working candidate pair`,
      {
        hint: 'the path may lose or hold back larger packets',
      },
    )
  }
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
