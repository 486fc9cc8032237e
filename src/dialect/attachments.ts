import type {Json} from '../core/json.ts'
import {encodeBase64} from './base64.ts'
import {Malformed} from './malformed.ts'
import type {SocketPacket} from './socketio.ts'

/** The packet with the bytes that followed it in place of its placeholders, as base64 text. Throws Malformed. */
export function attach(packet: SocketPacket, attachments: readonly Uint8Array[]): SocketPacket {
  if (packet.type !== 'event' && packet.type !== 'ack') return packet
  return {...packet, args: packet.args.map((arg) => filled(arg, attachments))}
}

function filled(value: Json, attachments: readonly Uint8Array[]): Json {
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((item: Json) => filled(item, attachments))
  const {_placeholder, num} = value as Readonly<Record<string, Json>>
  if (_placeholder !== true) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, filled(item, attachments)]))
  }
  const bytes = typeof num === 'number' ? attachments[num] : undefined
  if (!bytes) throw new Malformed(`the number of one of ${attachments.length} attachments`, JSON.stringify(value))
  return encodeBase64(bytes)
}
