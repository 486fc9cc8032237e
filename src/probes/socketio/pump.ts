import {ProbeFailure} from '../../core/errors.ts'
import {decodePacket} from '../../dialect/engineio.ts'
import {Malformed} from '../../dialect/malformed.ts'
import type {ArrivedPacket} from './engine.ts'
import type {Inlet} from '../inlet.ts'
import type {WebSocketLink} from '../websocket/link.ts'

/** Hands on the packets of a WebSocket as they arrive. */
export function pump(link: WebSocketLink, packets: Inlet<ArrivedPacket>): void {
  link.frames.listen({
    item(frame) {
      if (frame.kind === 'pong') return
      try {
        packets.put({packet: decodePacket(frame.data), at: frame.at})
      } catch (error) {
        packets.end(error instanceof Malformed ? new ProbeFailure('protocol_error', error.message) : (error as Error))
      }
    },
    ended: (error) => packets.end(error),
  })
}
