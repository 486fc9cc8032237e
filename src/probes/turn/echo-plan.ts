/** What an echo sends, and when. */
export interface EchoPlan {
  readonly packets: number
  readonly intervalMs: number
  /** Bytes of a packet. */
  readonly size: number
}

/** How a check says it: how many or how long, how fast or how far apart. */
interface EchoOptions {
  readonly packets?: number | undefined
  /** Milliseconds. */
  readonly duration?: number | undefined
  /** Milliseconds. */
  readonly interval?: number | undefined
  /** Packets a second. */
  readonly rate?: number | undefined
  readonly size: number
}

const PACKETS = 50
/** The pace of speech. One family of servers loses what exceeds some 19 packets back to back. */
const INTERVAL_MS = 20

export function echoPlan({packets, duration, interval, rate, size}: EchoOptions): EchoPlan {
  const intervalMs = interval ?? (rate === undefined ? INTERVAL_MS : 1000 / rate)
  const fitting = duration === undefined ? PACKETS : Math.max(1, Math.floor(duration / intervalMs + 1e-9))
  return {packets: packets ?? fitting, intervalMs, size}
}
