import {randomBytes} from 'node:crypto'
import type {Trace} from '../probe.ts'
import type {EchoEnds} from './echo.ts'
import {decodePacket, encodePacket, TAG_BYTES} from './echo-packet.ts'
import {pause} from './pause.ts'
import {LARGEST_PACKET, offeredRates, STEP_MS, SETTLE_MS} from './throughput-plan.ts'

/** One rate that was tried, in Mbit/s of payload. */
export interface ThroughputStep {
  readonly offered_mbps: number
  readonly sent_mbps: number
  readonly delivered_mbps: number
  /** 0..1 of the packets that were sent. */
  readonly loss: number
}

export interface Throughput {
  /** The most that arrived in a step without loss to speak of; 0 where even the first had some. */
  readonly mbps: number
  /** What ended the climb: packets that were lost, this machine, or the limit that was asked for. */
  readonly endedBy: 'loss' | 'prober' | 'limit'
  readonly steps: readonly ThroughputStep[]
}

/** More than this is a full queue, not chance. */
const LOSS_TO_SPEAK_OF = 0.02
/** A sender that gets less than this out says nothing of the relay. */
const FAIR_SHARE = 0.9

/** Doubles the rate from relay to relay, one way, until packets are lost, this machine can do no more, or the limit is met. */
export async function throughput(
  ends: EchoEnds,
  limitMbps: number,
  trace: Pick<Trace, 'signal' | 'now'>,
): Promise<Throughput> {
  const steps: ThroughputStep[] = []
  let mbps = 0
  for (const rate of offeredRates(limitMbps)) {
    const step = await sendAt(rate, ends, trace)
    steps.push(step)
    if (step.loss > LOSS_TO_SPEAK_OF) return {mbps, endedBy: 'loss', steps}
    mbps = Math.max(mbps, step.delivered_mbps)
    if (step.sent_mbps < FAIR_SHARE * rate) return {mbps, endedBy: 'prober', steps}
  }
  return {mbps, endedBy: 'limit', steps}
}

async function sendAt(
  rate: number,
  {near, far}: EchoEnds,
  {signal, now}: Pick<Trace, 'signal' | 'now'>,
): Promise<ThroughputStep> {
  const tag = randomBytes(TAG_BYTES)
  const arrived = new Set<number>()
  far.onData((data) => {
    const packet = decodePacket(tag, data)
    if (packet) arrived.add(packet.number)
  })
  const packetsPerMs = (rate * 1000) / (8 * LARGEST_PACKET)
  const startedAt = now()
  let sent = 0
  while (now() - startedAt < STEP_MS) {
    for (const due = (now() - startedAt) * packetsPerMs; sent < due; sent++) {
      near.send(far.relayed, encodePacket(tag, {number: sent, sentAt: 0}, LARGEST_PACKET))
    }
    await pause(1, signal)
    signal.throwIfAborted()
  }
  const lastedMs = now() - startedAt
  await pause(SETTLE_MS, signal)
  signal.throwIfAborted()
  const mbps = (packets: number) => Math.round((packets * LARGEST_PACKET * 8) / lastedMs) / 1000
  return {
    offered_mbps: rate,
    sent_mbps: mbps(sent),
    delivered_mbps: mbps(arrived.size),
    loss: sent === 0 ? 0 : (sent - arrived.size) / sent,
  }
}
