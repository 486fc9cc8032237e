import {randomBytes} from 'node:crypto'
import {MediaStreamTrack, RTCRtpCodecParameters, RtpHeader, RtpPacket} from 'werift'
import type {Trace} from '../probe.ts'
import {Arrivals} from '../turn/arrivals.ts'
import {decodePacket, encodePacket, TAG_BYTES} from '../turn/echo-packet.ts'
import {pause} from '../turn/pause.ts'
import {packetsOf, shapes, type Kind} from './media-shape.ts'

/** What became of one stream, one way. */
export interface StreamResult {
  readonly kind: Kind
  readonly sent: number
  readonly arrived: Arrivals
  /** How late the sender itself was, per packet. */
  readonly latenesses: readonly number[]
}

/** As both ends negotiate them. */
export function codecs(): {audio: RTCRtpCodecParameters[]; video: RTCRtpCodecParameters[]} {
  return {audio: [new RTCRtpCodecParameters(shapes.audio)], video: [new RTCRtpCodecParameters(shapes.video)]}
}

export function newTrack(kind: Kind): MediaStreamTrack {
  return new MediaStreamTrack({kind})
}

/** Packets that have not come so long after the last was sent are lost. */
const LOST_AFTER_MS = 1000

/**
 * Sends a stream in the pace and the packet sizes of its codec from one end's track to the other's. Nothing asks for
 * lost packets again (the codecs are negotiated without feedback), so what is missing was lost by the path.
 */
export async function stream(
  {from, to, durationMs}: {from: MediaStreamTrack; to: MediaStreamTrack; durationMs: number},
  trace: Trace,
): Promise<StreamResult> {
  const {kind} = from
  const shape = shapes[kind as Kind]
  const packets = packetsOf(shape, durationMs)
  const tag = randomBytes(TAG_BYTES)
  const arrived = new Arrivals()
  const finished = new AbortController()
  to.onReceiveRtp.subscribe(({payload}) => {
    const packet = decodePacket(tag, payload)
    if (!packet) return
    arrived.add(packet.number, trace.now() - packet.sentAt)
    if (arrived.count === packets) finished.abort()
  })
  const latenesses: number[] = []
  const startedAt = trace.now()
  for (let number = 0; number < packets; number++) {
    const frame = Math.floor(number / shape.packetsPerFrame)
    const due = startedAt + frame * shape.frameMs
    await pause(due - trace.now(), trace.signal)
    trace.signal.throwIfAborted()
    latenesses.push(trace.now() - due)
    const header = new RtpHeader({
      payloadType: shape.payloadType,
      sequenceNumber: number & 0xffff,
      timestamp: Math.round((frame * shape.frameMs * shape.clockRate) / 1000),
      marker: (number + 1) % shape.packetsPerFrame === 0,
    })
    from.writeRtp(new RtpPacket(header, encodePacket(tag, {number, sentAt: trace.now()}, shape.bytes)))
  }
  if (arrived.count < packets) await pause(LOST_AFTER_MS, AbortSignal.any([trace.signal, finished.signal]))
  trace.signal.throwIfAborted()
  return {kind: kind as Kind, sent: packets, arrived, latenesses}
}
