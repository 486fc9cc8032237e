import {classes, isComprehensionRequiredAttribute, type Message, type methods, parseMessage} from './codec.ts'
import type {TransportAddress} from '../../probes/stun/message.ts'

/** What a TURN server reads in a STUN request or indication (RFC 8489, section 5; RFC 8656, section 18). */
export interface Request {
  readonly bytes: Buffer
  readonly method: methods
  /** An indication is never answered. */
  readonly indication: boolean
  readonly transactionId: Buffer
  readonly unknownAttributes: readonly number[]
  readonly username: string | undefined
  readonly realm: string | undefined
  readonly nonce: string | undefined
  readonly signed: boolean
  /** Seconds. */
  readonly lifetime: number | undefined
  /** An IP protocol number: 17 is UDP. */
  readonly transport: number | undefined
  /** 1 is IPv4, 2 is IPv6. */
  readonly family: number | undefined
  readonly evenPort: boolean
  /** The client wants a second port kept for it, or has kept one: not done here. */
  readonly reservation: boolean
  readonly channel: number | undefined
  readonly peers: readonly TransportAddress[]
  readonly data: Buffer | undefined
}

/** Undefined for what is no request and no indication: a response, or no STUN at all. */
export function parseRequest(bytes: Buffer): Request | undefined {
  const message = parseMessage(bytes)
  if (message?.messageClass !== classes.REQUEST && message?.messageClass !== classes.INDICATION) return undefined
  const read = (name: Parameters<Message['getAttributeValue']>[0]) => message.getAttributeValue(name) as unknown
  const evenPort = read('EVEN-PORT') as Buffer | undefined
  return {
    bytes,
    method: message.messageMethod,
    indication: message.messageClass === classes.INDICATION,
    transactionId: message.transactionId,
    unknownAttributes: message.unknownAttributeTypes.filter(isComprehensionRequiredAttribute),
    username: read('USERNAME') as string | undefined,
    realm: read('REALM') as string | undefined,
    nonce: (read('NONCE') as Buffer | undefined)?.toString(),
    signed: read('MESSAGE-INTEGRITY') !== undefined,
    lifetime: read('LIFETIME') as number | undefined,
    transport: firstByte(read('REQUESTED-TRANSPORT') as number | undefined),
    family: firstByte(read('REQUESTED-ADDRESS-FAMILY') as number | undefined),
    evenPort: evenPort !== undefined,
    reservation: ((evenPort?.[0] ?? 0) & 0x80) !== 0 || read('RESERVATION-TOKEN') !== undefined,
    channel: read('CHANNEL-NUMBER') as number | undefined,
    peers: peersOf(bytes),
    data: read('DATA') as Buffer | undefined,
  }
}

/** Attributes of one byte and three that are kept free. */
function firstByte(value: number | undefined): number | undefined {
  return value === undefined ? undefined : value >>> 24
}

const HEADER_LENGTH = 20
const XOR_PEER_ADDRESS = 0x0012

/** CreatePermission may name several peers, and the codec keeps the last of equal attributes: each is read on its own. */
function peersOf(bytes: Buffer): TransportAddress[] {
  const peers: TransportAddress[] = []
  for (let at = HEADER_LENGTH; at + 4 <= bytes.length;) {
    const end = at + 4 + Math.ceil(bytes.readUInt16BE(at + 2) / 4) * 4
    if (bytes.readUInt16BE(at) === XOR_PEER_ADDRESS) {
      const single = Buffer.concat([bytes.subarray(0, HEADER_LENGTH), bytes.subarray(at, end)])
      single.writeUInt16BE(end - at, 2)
      const peer = parseMessage(single)?.getAttributeValue('XOR-PEER-ADDRESS') as [string, number] | undefined
      if (peer) peers.push({address: peer[0], port: peer[1]})
    }
    at = end
  }
  return peers
}
