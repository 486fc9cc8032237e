/** One packet of the echo: whose it is, its number, and when it was sent on the sender's clock. */
export interface EchoPacket {
  readonly number: number
  readonly sentAt: number
}

/** Tells our packets from what else may arrive at a relayed address. */
export const TAG_BYTES = 8
export const SMALLEST_PACKET = TAG_BYTES + 4 + 8

export function encodePacket(tag: Buffer, {number, sentAt}: EchoPacket, size: number): Buffer {
  const bytes = Buffer.alloc(size)
  tag.copy(bytes, 0, 0, TAG_BYTES)
  bytes.writeUInt32BE(number, TAG_BYTES)
  bytes.writeDoubleBE(sentAt, TAG_BYTES + 4)
  return bytes
}

/** Undefined for a packet that is none of ours. */
export function decodePacket(tag: Buffer, bytes: Buffer): EchoPacket | undefined {
  if (bytes.length < SMALLEST_PACKET || !bytes.subarray(0, TAG_BYTES).equals(tag)) return undefined
  return {number: bytes.readUInt32BE(TAG_BYTES), sentAt: bytes.readDoubleBE(TAG_BYTES + 4)}
}
