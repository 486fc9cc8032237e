import {missingPeak, product} from './peak.ts'
import type {SizedDimension, SizingInput} from './sizing.ts'

export interface RelaySize {
  readonly calls: number
  readonly intervalMs: number
  readonly size: number
  readonly lifeMs: number
}

/** The packets of one call, one way, as the command line says it. */
export interface AskedPackets {
  /** A second. */
  readonly rate?: number | undefined
  /** Bytes. */
  readonly size?: number | undefined
}

/** Speech by nearly every codec: a packet each 20 ms (RFC 3551, section 4.2). */
const RATE = 50
/** 64 kbit/s, as of G.711 and of Opus at its best for speech. */
const BYTES = 160
const LIFE_MS = 60_000

/** Calls of which both ends are relayed, which is the most that a call can ask of a relay. Throws UserError. */
export function sizeRelays(input: SizingInput): {size: RelaySize; dimensions: SizedDimension[]} {
  const {packets = {}, lifeMs} = input
  const amount = callsOf(input)
  const {rate = RATE, size = BYTES} = packets
  const life = lifeMs ?? LIFE_MS
  return {
    size: {calls: amount.value, intervalMs: 1000 / rate, size, lifeMs: life},
    dimensions: [
      amount,
      {
        dimension: 'packets_per_second',
        value: amount.value * rate,
        why: `${rate} of each call, and back`,
        assumed: packets.rate === undefined,
      },
      {
        dimension: 'packet_bytes',
        value: size,
        why: packets.size === undefined ? '20 ms of speech' : 'given',
        assumed: packets.size === undefined,
      },
      {
        dimension: 'session_ms',
        value: life,
        why: lifeMs === undefined ? 'how long a call lasts' : 'given',
        assumed: lifeMs === undefined,
      },
    ],
  }
}

function callsOf({profile, peak, factor}: SizingInput): SizedDimension {
  const dimension = 'relayed_calls'
  const {relayed_calls: calls, connections} = peak
  if (calls) {
    const value = Math.max(1, Math.round(calls.value * factor))
    return {dimension, value, why: product(peak, dimension, factor), assumed: false}
  }
  if (!connections) throw missingPeak(profile, dimension)
  const value = Math.max(1, Math.round((connections.value * factor) / 2))
  return {
    dimension,
    value,
    why: `${product(peak, 'connections', factor)} / 2, as if every call were relayed`,
    assumed: true,
  }
}
