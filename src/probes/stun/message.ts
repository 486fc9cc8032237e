import {excerpt} from '../excerpt.ts'
import {classes, Message, methods, parseMessage} from './codec.ts'
import type {ResponseError} from './response-error.ts'

export const method = {
  Binding: methods.BINDING,
  Allocate: methods.ALLOCATE,
  Refresh: methods.REFRESH,
  CreatePermission: methods.CREATE_PERMISSION,
  ChannelBind: methods.CHANNEL_BIND,
} as const

/** The requests of RFC 8489 and RFC 8656 by their own names. */
export type Method = keyof typeof method

export interface TransportAddress {
  readonly address: string
  readonly port: number
}

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
  const message = new Message(method[name], classes.REQUEST)
  const {requestedTransport, requestedFamily, lifetimeS, peer, channel, change} = attributes
  if (requestedTransport) message.setAttribute('REQUESTED-TRANSPORT', 17 << 24) // UDP's protocol number
  if (requestedFamily) message.setAttribute('REQUESTED-ADDRESS-FAMILY', (requestedFamily === 6 ? 2 : 1) << 24)
  if (lifetimeS !== undefined) message.setAttribute('LIFETIME', lifetimeS)
  if (channel !== undefined) message.setAttribute('CHANNEL-NUMBER', channel)
  if (peer) message.setAttribute('XOR-PEER-ADDRESS', [peer.address, peer.port])
  if (change) message.setAttribute('CHANGE-REQUEST', (change.address ? 4 : 0) | (change.port ? 2 : 0))
  if (signature) {
    message.setAttribute('USERNAME', signature.username)
    message.setAttribute('REALM', signature.realm)
    message.setAttribute('NONCE', signature.nonce)
    message.addMessageIntegrity(signature.key)
  }
  return {method: name, id: message.transactionIdHex, bytes: message.bytes}
}

/** A Send indication: data for a peer that no channel is bound to (RFC 8656 section 11.1). */
export function encodeSend(peer: TransportAddress, data: Buffer): Buffer {
  return new Message(methods.SEND, classes.INDICATION)
    .setAttribute('XOR-PEER-ADDRESS', [peer.address, peer.port])
    .setAttribute('DATA', data).bytes
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
  const message = parseMessage(bytes)
  if (!message) return undefined
  const address = (name: 'XOR-MAPPED-ADDRESS' | AddressAttribute): TransportAddress | undefined => {
    const value = message.getAttributeValue(name) as readonly [string, number] | undefined
    return value && {address: value[0], port: value[1]}
  }
  const error = message.getAttributeValue('ERROR-CODE') as readonly [number, string] | undefined
  return {
    class: classNames[message.messageClass],
    id: message.transactionIdHex,
    signed: message.getAttributeValue('MESSAGE-INTEGRITY') !== undefined,
    mapped: address('XOR-MAPPED-ADDRESS') ?? address('MAPPED-ADDRESS'), // the latter from servers of RFC 3489
    relayed: address('XOR-RELAYED-ADDRESS'),
    peer: address('XOR-PEER-ADDRESS'),
    otherAddress: address('OTHER-ADDRESS'),
    alternateServer: address('ALTERNATE-SERVER'),
    alternateDomain: message.getAttributeValue('ALTERNATE-DOMAIN') as string | undefined,
    data: message.getAttributeValue('DATA') as Buffer | undefined,
    error: error && {code: error[0], reason: printable(error[1])},
    realm: message.getAttributeValue('REALM') as string | undefined,
    nonce: message.getAttributeValue('NONCE') as Buffer | undefined,
    lifetimeS: message.getAttributeValue('LIFETIME') as number | undefined,
    software: printable((message.getAttributeValue('SOFTWARE') as string | undefined) ?? '') || undefined,
    bytes,
  }
}

type AddressAttribute =
  'MAPPED-ADDRESS' | 'XOR-RELAYED-ADDRESS' | 'XOR-PEER-ADDRESS' | 'OTHER-ADDRESS' | 'ALTERNATE-SERVER'

const classNames = {
  [classes.REQUEST]: 'request',
  [classes.INDICATION]: 'indication',
  [classes.RESPONSE]: 'success',
  [classes.ERROR]: 'error',
} as const

/** Whether a message carries MESSAGE-INTEGRITY made with this key. */
export function isSignedWith(bytes: Buffer, key: Buffer): boolean {
  return parseMessage(bytes, key) !== undefined
}

const MAGIC_COOKIE = Buffer.from('2112a442', 'hex')

/** Two zero bits and the magic cookie (RFC 8489 section 5): STUN was meant, however ill-formed the rest is. */
export function looksLikeStun(bytes: Buffer): boolean {
  return bytes.length >= 8 && mayBecomeStun(bytes)
}

/** The same of as many bytes as there are. */
export function mayBecomeStun(bytes: Buffer): boolean {
  const cookie = bytes.subarray(4, 8)
  return ((bytes[0] ?? 0) & 0xc0) === 0 && cookie.equals(MAGIC_COOKIE.subarray(0, cookie.length))
}

/** RFC 8489, sections 14.8 and 14.14: fewer characters than this in reason phrases and SOFTWARE. */
const LONGEST_TEXT = 128

/** They may carry NULs and worse, and be as long as a message can be. */
function printable(text: string): string {
  return excerpt(text.replace(/\p{C}+/gu, ' '), LONGEST_TEXT)
}
