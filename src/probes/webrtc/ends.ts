import type {RTCDataChannel} from 'werift'
import {formatMs} from '../../core/duration.ts'
import {ProbeFailure} from '../../core/errors.ts'
import type {Trace} from '../probe.ts'
import {within} from '../within.ts'
import {describePairs, tellPairs} from './pairs.ts'
import type {Peer} from './peer.ts'

/** Both ends of a session, in this process. The near one offers. */
export interface Ends {
  readonly near: Peer
  readonly far: Peer
}

/** Both ends of the open data channel. */
export interface Channels {
  readonly near: RTCDataChannel
  readonly far: RTCDataChannel
}

export interface Limits {
  readonly iceTimeoutMs: number
  /** For DTLS, and again for the data channel. */
  readonly handshakeTimeoutMs: number
}

/** The phase `ice`: once the offerer has `begun`, both ends look for a working pair. Resolves with the milliseconds. */
export async function checkConnectivity(
  ends: Ends,
  {begun, iceTimeoutMs}: Pick<Limits, 'iceTimeoutMs'> & {readonly begun: () => Promise<void>},
  trace: Trace,
): Promise<number> {
  trace.phase('ice')
  const startedAt = trace.now()
  try {
    await within(
      {ms: iceTimeoutMs, signal: trace.signal, reason: () => iceFailed(ends, iceTimeoutMs)},
      async (signal) => {
        await begun()
        await Promise.all([ends.near.iceConnected(signal), ends.far.iceConnected(signal)])
      },
    )
  } finally {
    tellPairs(ends, trace)
  }
  const iceMs = trace.now() - startedAt
  trace.fact('ice_ms', rounded(iceMs))
  return iceMs
}

function iceFailed(ends: Ends, iceTimeoutMs: number): ProbeFailure {
  const message = `no candidate pair works after ${formatMs(iceTimeoutMs)}: ${describePairs(ends)}`
  return new ProbeFailure('ice_failed', message, {
    hint: "the relays do not reach each other: look at the firewall of the server's relay ports, and at its external address",
  })
}

/** The phases `dtls` and `data_channel`: the engine's own doing over a path that works, so no figure of the network. */
export async function shakeHands(
  {near, far}: Ends,
  {handshakeTimeoutMs: ms}: Pick<Limits, 'handshakeTimeoutMs'>,
  trace: Trace,
): Promise<Channels> {
  const {signal} = trace
  trace.phase('dtls')
  const startedAt = trace.now()
  const dtls = () => new Stalled('dtls', `the DTLS handshake did not end within ${formatMs(ms)}`)
  await within({ms, signal, reason: dtls}, async (step) => {
    await Promise.all([near.dtlsReady(step), far.dtlsReady(step)])
    near.beginHandshake()
    far.beginHandshake()
    await Promise.all([near.dtlsConnected(step), far.dtlsConnected(step)])
  })
  trace.phase('data_channel')
  const securedAt = trace.now()
  trace.fact('dtls_ms', rounded(securedAt - startedAt))
  const opening = () => new Stalled('data_channel', `the data channel did not open within ${formatMs(ms)}`)
  const [nearChannel, farChannel] = await within({ms, signal, reason: opening}, (step) =>
    Promise.all([near.channelOpen(step), far.channelOpen(step)]),
  )
  trace.fact('data_channel_ms', rounded(trace.now() - securedAt))
  return {near: nearChannel, far: farChannel}
}

/** The candidate pair works, and what goes over it does not come about. */
export class Stalled extends ProbeFailure {
  /** Tells how often it was begun again. */
  readonly retriesFact: string

  constructor(stage: 'dtls' | 'data_channel', message: string) {
    super('ice_engine', `${message} over a working candidate pair`, {
      hint: 'the path may lose packets, or hold back larger ones; a slow path needs a longer `handshakeTimeout`',
    })
    this.retriesFact = `${stage}_retries`
  }
}

export async function closeEnds({near, far}: Ends): Promise<void> {
  await Promise.all([near.close(), far.close()])
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
