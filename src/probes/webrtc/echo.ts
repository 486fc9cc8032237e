import {randomBytes} from 'node:crypto'
import {ProbeFailure} from '../../core/errors.ts'
import {quantile} from '../../core/stats.ts'
import type {Trace} from '../probe.ts'
import {Arrivals} from '../turn/arrivals.ts'
import {decodePacket, encodePacket, SMALLEST_PACKET, TAG_BYTES} from '../turn/echo-packet.ts'
import {pause} from '../turn/pause.ts'
import type {Channels} from './ends.ts'

export interface EchoPlan {
  readonly messages: number
  readonly intervalMs: number
}

/**
 * A message that has not come back this long after the last was sent is lost. Single lost packets show as late messages:
 * the data channel sends them again.
 */
const LOST_AFTER_MS = 1000

/** Sends numbered messages over the data channel, whose other end returns them: an event each, the figures as facts. */
export async function echo({near, far}: Channels, {messages, intervalMs}: EchoPlan, trace: Trace): Promise<void> {
  const tag = randomBytes(TAG_BYTES)
  const returned = new Arrivals()
  const finished = new AbortController()
  const until = AbortSignal.any([trace.signal, finished.signal])
  far.onMessage.subscribe((message) => {
    if (far.readyState === 'open') far.send(message)
  })
  near.onMessage.subscribe((message) => {
    const packet = typeof message === 'string' ? undefined : decodePacket(tag, message)
    if (!packet) return
    returned.add(packet.number, trace.now() - packet.sentAt)
    if (returned.count === messages) finished.abort()
  })

  const startedAt = trace.now()
  for (let number = 0; number < messages; number++) {
    await pause(startedAt + number * intervalMs - trace.now(), until)
    trace.signal.throwIfAborted()
    if (near.readyState !== 'open') throw new ProbeFailure('ice_engine', 'the data channel closed during the echo')
    near.send(encodePacket(tag, {number, sentAt: trace.now()}, SMALLEST_PACKET))
  }
  if (returned.count < messages) await pause(LOST_AFTER_MS, until)
  trace.signal.throwIfAborted()
  tell(returned, messages, trace)
}

function tell(returned: Arrivals, messages: number, trace: Trace): void {
  for (let number = 0; number < messages; number++) {
    const value = returned.transitOf(number)
    trace.event({indicator: 'ice_echo', ...(value === undefined ? {ok: false} : {ok: true, value})})
  }
  trace.fact('loss', (messages - returned.count) / messages)
  for (const [name, share] of [
    ['p50', 0.5],
    ['p95', 0.95],
    ['max', 1],
  ] as const) {
    const rtt = quantile(returned.transits, share)
    if (rtt !== null) trace.fact(`rtt_${name}_ms`, Math.round(rtt * 1000) / 1000)
  }
  if (returned.count > 0) return
  throw new ProbeFailure('turn_lost', `all ${messages} messages were lost on an open data channel`, {
    hint: 'the path loses packets after the handshake: look at rate limits of the TURN server',
  })
}
