import {isIPv4} from 'node:net'

/** RFC 8489 section 5. */
export const magicCookie = Buffer.from('2112a442', 'hex')

/** Attributes that a client of STUN and TURN sends or reads (RFC 8489 section 18.3, RFC 8656 section 18, RFC 5780 section 9). */
export const attribute = {
  mappedAddress: 0x0001,
  changeRequest: 0x0003,
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
  software: 0x8022,
  alternateServer: 0x8023,
  alternateDomain: 0x8003,
  fingerprint: 0x8028,
  otherAddress: 0x802c,
} as const

export interface TransportAddress {
  readonly address: string
  readonly port: number
}

/** Four bytes: LIFETIME, CHANGE-REQUEST. */
export function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** One byte and three that are kept free: REQUESTED-TRANSPORT, REQUESTED-ADDRESS-FAMILY. */
export function leadingByte(value: number): Buffer {
  return Buffer.from([value, 0, 0, 0])
}

/** Two bytes and two that are kept free: CHANNEL-NUMBER. */
export function leadingUint16(value: number): Buffer {
  return uint32(value * 0x1_0000)
}

const IPV4 = 1
const IPV6 = 2

/** The value of an XOR-…-ADDRESS (RFC 8489 section 14.2), `id` being the transaction id of its message. */
export function xorAddress({address, port}: TransportAddress, id: Buffer): Buffer {
  const ip = isIPv4(address) ? Buffer.from(address.split('.').map(Number)) : ipv6Bytes(address)
  const head = Buffer.from([0, ip.length === 4 ? IPV4 : IPV6, port >> 8, port & 0xff])
  return xored(Buffer.concat([head, ip]), id)
}

/** Throws a RangeError for what is none. */
export function readXorAddress(value: Buffer, id: Buffer): TransportAddress {
  return readAddress(xored(value, id))
}

/** The value of MAPPED-ADDRESS and its like (RFC 8489 section 14.1). Throws a RangeError for what is none. */
export function readAddress(value: Buffer): TransportAddress {
  const family = value.readUInt8(1)
  const ip = value.subarray(4)
  const port = value.readUInt16BE(2)
  if (family === IPV4 && ip.length === 4) return {address: ip.join('.'), port}
  if (family === IPV6 && ip.length === 16) return {address: ipv6Text(ip), port}
  throw new RangeError(`an address of family ${family} with ${ip.length} bytes`)
}

/** RFC 8489 section 14.8: the class in three bits, the number, the reason. Throws a RangeError when it is too short. */
export function readErrorCode(value: Buffer): {readonly code: number; readonly reason: string} {
  return {code: (value.readUInt8(2) & 7) * 100 + value.readUInt8(3), reason: value.toString('utf8', 4)}
}

function xored(value: Buffer, id: Buffer): Buffer {
  const pad = Buffer.concat([Buffer.alloc(2), magicCookie.subarray(0, 2), magicCookie, id])
  return Buffer.from(value.map((byte, index) => byte ^ (pad[index] ?? 0)))
}

function ipv6Bytes(address: string): Buffer {
  const [before = '', after = ''] = canonical(address).split('::')
  const [head, tail] = [groups(before), groups(after)]
  const zeros = Array<number>(8 - head.length - tail.length).fill(0)
  return Buffer.from([...head, ...zeros, ...tail].flatMap((group) => [group >> 8, group & 0xff]))
}

function groups(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => parseInt(group, 16))
}

function ipv6Text(bytes: Buffer): string {
  const hexadecimal = Array.from({length: 8}, (_, index) => bytes.readUInt16BE(2 * index).toString(16))
  return canonical(hexadecimal.join(':'))
}

/** As RFC 5952 writes it, without its zone. */
function canonical(address: string): string {
  return new URL(`http://[${address.replace(/%.*/, '')}]`).hostname.slice(1, -1)
}
