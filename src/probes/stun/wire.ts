import {createHash, createHmac, timingSafeEqual} from 'node:crypto'
import {crc32} from 'node:zlib'
import {attribute, magicCookie} from './attributes.ts'

/** RFC 8489 section 5: what every message begins with. */
const HEADER_BYTES = 20
/** RFC 8489 section 14.7. */
const FINGERPRINT_XOR = 0x5354554e
const HMAC_SHA1_BYTES = 20

export type Attribute = readonly [type: number, value: Buffer]

/** A message taken apart, its values unread. Of a repeated attribute the first counts (RFC 8489 section 14). */
export interface RawMessage {
  readonly type: number
  readonly id: Buffer
  readonly values: ReadonlyMap<number, Buffer>
}

/** A STUN message with its attributes in this order; with a key, MESSAGE-INTEGRITY comes last and covers them. */
export function encode({type, id}: {type: number; id: Buffer}, attributes: readonly Attribute[], key?: Buffer): Buffer {
  const unsigned = Buffer.concat([uint16s(type, 0), magicCookie, id, ...attributes.flatMap(padded)])
  const bytes = key ? Buffer.concat([unsigned, ...padded([attribute.messageIntegrity, hmac(unsigned, key)])]) : unsigned
  bytes.writeUInt16BE(bytes.length - HEADER_BYTES, 2)
  return bytes
}

/** Undefined for what is not well-formed: lengths that do not add up, or a FINGERPRINT of something else. */
export function decode(bytes: Buffer): RawMessage | undefined {
  if (!hasHeader(bytes)) return undefined
  const values = new Map<number, Buffer>()
  for (let at = HEADER_BYTES; at < bytes.length;) {
    const type = bytes.readUInt16BE(at)
    const end = at + 4 + bytes.readUInt16BE(at + 2)
    const next = end + paddingOf(end)
    if (next > bytes.length) return undefined
    const value = bytes.subarray(at + 4, end)
    if (type === attribute.fingerprint && !value.equals(fingerprint(bytes.subarray(0, at)))) return undefined
    // what follows MESSAGE-INTEGRITY is not covered by it, and not heeded (RFC 8489 section 14.5)
    if (!values.has(type) && !values.has(attribute.messageIntegrity)) values.set(type, value)
    at = next
  }
  return {type: bytes.readUInt16BE(0), id: bytes.subarray(8, HEADER_BYTES), values}
}

/** Whether a message carries MESSAGE-INTEGRITY made with this key (RFC 8489 section 14.5). */
export function isSignedWith(bytes: Buffer, key: Buffer): boolean {
  const signature = decode(bytes)?.values.get(attribute.messageIntegrity)
  if (signature?.length !== HMAC_SHA1_BYTES) return false
  const covered = signature.byteOffset - bytes.byteOffset - 4
  return timingSafeEqual(signature, hmac(bytes.subarray(0, covered), key))
}

/** The key of the long-term credential mechanism (RFC 8489 section 9.2.2). */
export function longTermKey(username: string, realm: string, password: string): Buffer {
  return createHash('md5').update(`${username}:${realm}:${password}`).digest()
}

function hasHeader(bytes: Buffer): boolean {
  return (
    bytes.length >= HEADER_BYTES &&
    bytes.length % 4 === 0 &&
    bytes.readUInt16BE(0) < 0x4000 &&
    bytes.readUInt16BE(2) === bytes.length - HEADER_BYTES &&
    magicCookie.equals(bytes.subarray(4, 8))
  )
}

function padded([type, value]: Attribute): [Buffer, Buffer, Buffer] {
  return [uint16s(type, value.length), value, Buffer.alloc(paddingOf(value.length))]
}

function uint16s(first: number, second: number): Buffer {
  return Buffer.from([first >> 8, first & 0xff, second >> 8, second & 0xff])
}

/** Attributes begin at multiples of four bytes, as the message does. */
function paddingOf(length: number): number {
  return -length & 3
}

function hmac(message: Buffer, key: Buffer): Buffer {
  return createHmac('sha1', key)
    .update(endingWith(message, 4 + HMAC_SHA1_BYTES))
    .digest()
}

function fingerprint(message: Buffer): Buffer {
  const value = Buffer.alloc(4)
  value.writeUInt32BE((crc32(endingWith(message, 8)) ^ FINGERPRINT_XOR) >>> 0)
  return value
}

/** The message as if an attribute of so many bytes ended it: both checks are made over that length. */
function endingWith(message: Buffer, attributeBytes: number): Buffer {
  const copy = Buffer.from(message)
  copy.writeUInt16BE(message.length - HEADER_BYTES + attributeBytes, 2)
  return copy
}
