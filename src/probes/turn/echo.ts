import {randomBytes} from 'node:crypto'
import type {Trace} from '../probe.ts'
import type {Allocation} from './allocation.ts'
import {Arrivals} from './arrivals.ts'
import {decodePacket, encodePacket, TAG_BYTES} from './echo-packet.ts'
import {pause} from './pause.ts'

export interface EchoEnds {
  readonly near: Allocation
  /** Sends everything back. */
  readonly far: Allocation
}

export interface EchoPlan {
  readonly packets: number
  readonly intervalMs: number
  readonly size: number
}

export interface EchoResult {
  /** The way out: near client, server, near relay, far relay, server, far client. */
  readonly out: Arrivals
  /** The whole round, back to the near client by the same stations. */
  readonly round: Arrivals
  /** How much later than its timetable each packet was sent: the prober's own share of the jitter. */
  readonly latenesses: readonly number[]
}

/** A packet that has not come back this long after the last was sent is lost. */
const LOST_AFTER_MS = 1000

/**
 * Sends numbered packets from one relayed address to another, whose owner sends them back. One process owns both ends,
 * so that the times of both ways are exact. Rejects when the server goes away meanwhile.
 */
export async function echo(
  {near, far}: EchoEnds,
  {packets, intervalMs, size}: EchoPlan,
  {signal, now}: Pick<Trace, 'signal' | 'now'>,
): Promise<EchoResult> {
  const tag = randomBytes(TAG_BYTES)
  const out = new Arrivals()
  const round = new Arrivals()
  const latenesses: number[] = []
  const finished = new AbortController()
  far.onData((data) => {
    const packet = decodePacket(tag, data)
    if (!packet) return
    out.add(packet.number, now() - packet.sentAt)
    far.send(near.relayed, data)
  })
  near.onData((data) => {
    const packet = decodePacket(tag, data)
    if (!packet) return
    round.add(packet.number, now() - packet.sentAt)
    if (round.count === packets) finished.abort()
  })
  for (const end of [near, far]) end.onEnd((reason) => finished.abort(reason))
  const until = AbortSignal.any([signal, finished.signal])

  const startedAt = now()
  for (let number = 0; number < packets; number++) {
    const dueAt = startedAt + number * intervalMs
    await pause(dueAt - now(), until)
    if (until.aborted) break
    const sentAt = now()
    latenesses.push(Math.max(0, sentAt - dueAt))
    near.send(far.relayed, encodePacket(tag, {number, sentAt}, size))
  }
  if (round.count < packets) await pause(LOST_AFTER_MS, until)

  signal.throwIfAborted()
  if (round.count < packets && finished.signal.aborted) throw finished.signal.reason
  return {out, round, latenesses}
}
