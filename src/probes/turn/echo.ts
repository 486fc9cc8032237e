import {randomBytes} from 'node:crypto'
import type {Trace} from '../probe.ts'
import type {Allocation} from './allocation.ts'
import {Arrivals} from './arrivals.ts'
import {decodePacket, encodePacket, TAG_BYTES} from './echo-packet.ts'
import type {EchoPlan} from './echo-plan.ts'
import {pause} from './pause.ts'

export interface EchoEnds {
  readonly near: Allocation
  /** Sends everything back. */
  readonly far: Allocation
}

export interface EchoResult {
  /** The way out: near client, server, near relay, far relay, server, far client. */
  readonly out: Arrivals
  /** The way back by the same stations, its packets numbered in the order in which they were sent back. */
  readonly back: Arrivals
  /** Both ways together. */
  readonly round: Arrivals
  /** How much later than its timetable each packet was sent: the prober's own, and in no other figure. */
  readonly latenesses: readonly number[]
}

/** A packet that has not come back this long after the last was sent is lost. */
const LOST_AFTER_MS = 1000

/**
 * Sends numbered packets from one relayed address to another, whose owner sends each back once. One process owns both
 * ends, so that the times of both ways are exact: each counts from when a packet was sent, not from when it was due.
 * Rejects when the server goes away meanwhile.
 */
export async function echo(
  {near, far}: EchoEnds,
  {packets, intervalMs, size}: EchoPlan,
  {signal, now}: Pick<Trace, 'signal' | 'now'>,
): Promise<EchoResult> {
  const tag = randomBytes(TAG_BYTES)
  const [out, back, round] = [new Arrivals(), new Arrivals(), new Arrivals()]
  const latenesses: number[] = []
  const returned = new Map<number, {readonly order: number; readonly sentAt: number}>()
  const finished = new AbortController()
  far.onData((data) => {
    const packet = decodePacket(tag, data)
    if (!packet) return
    const arrivedAt = now()
    out.add(packet.number, arrivedAt - packet.sentAt)
    if (returned.has(packet.number)) return
    returned.set(packet.number, {order: returned.size, sentAt: arrivedAt})
    far.send(near.relayed, data)
  })
  near.onData((data) => {
    const packet = decodePacket(tag, data)
    const sentBack = packet && returned.get(packet.number)
    if (!sentBack) return
    const arrivedAt = now()
    back.add(sentBack.order, arrivedAt - sentBack.sentAt)
    round.add(packet.number, arrivedAt - packet.sentAt)
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
  return {out, back, round, latenesses}
}
