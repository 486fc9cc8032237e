import {decodeBase64, encodeBase64} from './base64.ts'
import {Malformed} from './malformed.ts'

/** The revision of the Engine.IO protocol that is spoken here: the `EIO` of every request. */
export const ENGINE_IO_REVISION = 4

/** A packet of Engine.IO 4. Only a message can carry bytes; the data of `ping` and `pong` is "probe" during an upgrade. */
export type EnginePacket =
  | {readonly type: 'message'; readonly data: string | Uint8Array}
  | {readonly type: 'open' | 'close' | 'ping' | 'pong' | 'upgrade' | 'noop'; readonly data: string}

const types = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'] as const
const SEPARATOR = '\x1e'

/** One packet as one WebSocket frame: text, or the bare bytes of a binary message. */
export function encodePacket({type, data}: EnginePacket): string | Uint8Array {
  return typeof data === 'string' ? `${types.indexOf(type)}${data}` : data
}

/** The packet of one WebSocket frame. Throws Malformed. */
export function decodePacket(frame: string | Uint8Array): EnginePacket {
  if (typeof frame !== 'string') return {type: 'message', data: frame}
  const type = types[frame.length > 0 ? frame.charCodeAt(0) - 48 : -1]
  if (type === undefined) throw new Malformed('an Engine.IO packet (a digit 0 to 6, then data)', frame)
  return {type, data: frame.slice(1)}
}

/** Packets as the body of one polling request. */
export function encodePayload(packets: readonly EnginePacket[]): string {
  return packets
    .map((packet) => {
      const frame = encodePacket(packet)
      return typeof frame === 'string' ? frame : `b${encodeBase64(frame)}`
    })
    .join(SEPARATOR)
}

/** The packets of one polling body. Throws Malformed. */
export function decodePayload(body: string): EnginePacket[] {
  return body.split(SEPARATOR).map((part) => {
    if (!part.startsWith('b')) return decodePacket(part)
    const bytes = decodeBase64(part.slice(1))
    if (!bytes) throw new Malformed('base64 after "b" in an Engine.IO payload', part)
    return {type: 'message', data: bytes}
  })
}
