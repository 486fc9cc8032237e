import {randomBytes} from 'node:crypto'
import {excerpt} from '../excerpt.ts'
import {
  attribute,
  leadingByte,
  leadingUint16,
  magicCookie,
  readAddress,
  readErrorCode,
  readXorAddress,
  type TransportAddress,
  uint32,
  xorAddress,
} from './attributes.ts'
import type {ResponseError} from './response-error.ts'
import {type Attribute, decode, encode, type RawMessage} from './wire.ts'

export type {TransportAddress} from './attributes.ts'

/** RFC 8489 section 18.1 and RFC 8656 section 17. */
const method = {Binding: 1, Allocate: 3, Refresh: 4, CreatePermission: 8, ChannelBind: 9} as const
const SEND_INDICATION = 0x0016

/** The requests of RFC 8489 and RFC 8656 by their own names. */
export type Method = keyof typeof method

/** What a request may carry. The order of encoding is fixed: integrity covers all of it. */
export interface Attributes {
  readonly requestedTransport?: 'udp'
  readonly requestedFamily?: 4 | 6 | undefined
  readonly lifetimeS?: number
  readonly peer?: TransportAddress
  readonly channel?: number
  /** CHANGE-REQUEST: from where the answer shall come (RFC 5780 section 7.2). */
  readonly change?: {readonly address: boolean; readonly port: boolean} | undefined
}

/** What the long-term credential mechanism adds to a request (RFC 8489 section 9.2). */
export interface Signature {
  readonly username: string
  readonly realm: string
  readonly nonce: Buffer
  readonly key: Buffer
}

export interface Request {
  readonly method: Method
  readonly id: string
  readonly bytes: Buffer
}

/** A request with a transaction id of its own: one is never sent twice with other contents. */
export function encodeRequest(name: Method, attributes: Attributes = {}, signature?: Signature): Request {
  const id = randomBytes(12)
  const bytes = encode({type: method[name], id}, [...encoded(attributes, id), ...signed(signature)], signature?.key)
  return {method: name, id: id.toString('hex'), bytes}
}

function encoded(attributes: Attributes, id: Buffer): Attribute[] {
  const {requestedTransport, requestedFamily, lifetimeS, peer, channel, change} = attributes
  const written: Attribute[] = []
  if (requestedTransport) written.push([attribute.requestedTransport, leadingByte(17)]) // UDP's protocol number
  if (requestedFamily) written.push([attribute.requestedAddressFamily, leadingByte(requestedFamily === 6 ? 2 : 1)])
  if (lifetimeS !== undefined) written.push([attribute.lifetime, uint32(lifetimeS)])
  if (channel !== undefined) written.push([attribute.channelNumber, leadingUint16(channel)])
  if (peer) written.push([attribute.xorPeerAddress, xorAddress(peer, id)])
  if (change) written.push([attribute.changeRequest, uint32((change.address ? 4 : 0) | (change.port ? 2 : 0))])
  return written
}

function signed(signature: Signature | undefined): Attribute[] {
  if (!signature) return []
  return [
    [attribute.username, Buffer.from(signature.username)],
    [attribute.realm, Buffer.from(signature.realm)],
    [attribute.nonce, signature.nonce],
  ]
}

/** A Send indication: data for a peer that no channel is bound to (RFC 8656 section 11.1). */
export function encodeSend(peer: TransportAddress, data: Buffer): Buffer {
  const id = randomBytes(12)
  return encode({type: SEND_INDICATION, id}, [
    [attribute.xorPeerAddress, xorAddress(peer, id)],
    [attribute.data, data],
  ])
}

/** What a server sent, with the attributes that a client of STUN and TURN reads. */
export interface StunMessage {
  readonly class: 'request' | 'indication' | 'success' | 'error'
  readonly id: string
  /** Whether it carries MESSAGE-INTEGRITY, right or wrong. */
  readonly signed: boolean
  readonly mapped: TransportAddress | undefined
  readonly relayed: TransportAddress | undefined
  readonly peer: TransportAddress | undefined
  readonly otherAddress: TransportAddress | undefined
  readonly alternateServer: TransportAddress | undefined
  readonly alternateDomain: string | undefined
  readonly data: Buffer | undefined
  readonly error: ResponseError | undefined
  readonly realm: string | undefined
  readonly nonce: Buffer | undefined
  readonly lifetimeS: number | undefined
  readonly software: string | undefined
  /** As it came, for the check of its signature. */
  readonly bytes: Buffer
}

/** Undefined for what is no well-formed STUN message; `looksLikeStun` tells why. */
export function decodeMessage(bytes: Buffer): StunMessage | undefined {
  const raw = decode(bytes)
  try {
    return raw && {...read(raw), bytes}
  } catch (error) {
    if (error instanceof RangeError) return undefined // a value that is shorter than its kind
    throw error
  }
}

function read({type, id, values}: RawMessage): Omit<StunMessage, 'bytes'> {
  const value = <T>(of: number, parse: (bytes: Buffer) => T): T | undefined => {
    const bytes = values.get(of)
    return bytes && parse(bytes)
  }
  const text = (bytes: Buffer) => bytes.toString('utf8')
  const xor = (bytes: Buffer) => readXorAddress(bytes, id)
  return {
    class: classes[type & 0x0110] ?? 'request',
    id: id.toString('hex'),
    signed: values.has(attribute.messageIntegrity),
    mapped: value(attribute.xorMappedAddress, xor) ?? value(attribute.mappedAddress, readAddress), // of RFC 3489
    relayed: value(attribute.xorRelayedAddress, xor),
    peer: value(attribute.xorPeerAddress, xor),
    otherAddress: value(attribute.otherAddress, readAddress),
    alternateServer: value(attribute.alternateServer, readAddress),
    alternateDomain: value(attribute.alternateDomain, text),
    data: values.get(attribute.data),
    error: value(attribute.errorCode, (bytes) => {
      const {code, reason} = readErrorCode(bytes)
      return {code, reason: printable(reason)}
    }),
    realm: value(attribute.realm, text),
    nonce: values.get(attribute.nonce),
    lifetimeS: value(attribute.lifetime, (bytes) => bytes.readUInt32BE()),
    software: printable(value(attribute.software, text) ?? '') || undefined,
  }
}

/** The two bits of the class in a message's type (RFC 8489 section 5). */
const classes: Readonly<Record<number, StunMessage['class']>> = {
  0x0000: 'request',
  0x0010: 'indication',
  0x0100: 'success',
  0x0110: 'error',
}

/** Two zero bits and the magic cookie (RFC 8489 section 5): STUN was meant, however ill-formed the rest is. */
export function looksLikeStun(bytes: Buffer): boolean {
  return bytes.length >= 8 && mayBecomeStun(bytes)
}

/** The same of as many bytes as there are. */
export function mayBecomeStun(bytes: Buffer): boolean {
  const cookie = bytes.subarray(4, 8)
  return ((bytes[0] ?? 0) & 0xc0) === 0 && cookie.equals(magicCookie.subarray(0, cookie.length))
}

/** RFC 8489, sections 14.8 and 14.14: fewer characters than this in reason phrases and SOFTWARE. */
const LONGEST_TEXT = 128

/** They may carry NULs and worse, and be as long as a message can be. */
function printable(text: string): string {
  return excerpt(text.replace(/\p{C}+/gu, ' '), LONGEST_TEXT)
}
