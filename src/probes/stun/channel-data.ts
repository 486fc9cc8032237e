/** RFC 8656 section 12.4: four bytes of header for data of a peer that a channel is bound to. */
export interface ChannelData {
  readonly channel: number
  readonly data: Buffer
}

/** The first two bits tell ChannelData (01) from STUN (00) on one connection. */
export function isChannelData(bytes: Buffer): boolean {
  return ((bytes[0] ?? 0) & 0xc0) === 0x40
}

export function encodeChannelData(channel: number, data: Buffer): Buffer {
  const bytes = Buffer.allocUnsafe(4 + data.length)
  bytes.writeUInt16BE(channel, 0)
  bytes.writeUInt16BE(data.length, 2)
  data.copy(bytes, 4)
  return bytes
}

/** Undefined for a message that is shorter than it says. */
export function decodeChannelData(bytes: Buffer): ChannelData | undefined {
  if (bytes.length < 4) return undefined
  const length = bytes.readUInt16BE(2)
  return bytes.length < 4 + length ? undefined : {channel: bytes.readUInt16BE(0), data: bytes.subarray(4, 4 + length)}
}
