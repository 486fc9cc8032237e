import {classes, Message} from './codec.ts'
import type {Request} from './request.ts'

/** Attributes in the codec's form, in the order in which they are sent. */
export type Attributes = ReturnType<Message['getAttributes']>

const SOFTWARE = 'rtc-probe demo'

/** Error codes and their usual phrases (RFC 8489, section 14.8; RFC 8656, section 19). */
const phrases = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  420: 'Unknown Attribute',
  437: 'Allocation Mismatch',
  438: 'Stale Nonce',
  440: 'Address Family not Supported',
  441: 'Wrong Credentials',
  442: 'Unsupported Transport Protocol',
  443: 'Peer Address Family Mismatch',
  486: 'Allocation Quota Reached',
  500: 'Server Error',
  508: 'Insufficient Capacity',
} as const

export type ErrorCode = keyof typeof phrases

/** What a handler throws to answer with an error. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly code: ErrorCode
  readonly attributes: Attributes

  constructor(code: ErrorCode, attributes: Attributes = []) {
    super(phrases[code])
    this.code = code
    this.attributes = attributes
  }
}

export function successAnswer(request: Request, attributes: Attributes, key?: Buffer): Buffer {
  return bytesOf(new Message(request.method, classes.RESPONSE, request.transactionId, [...attributes]), key)
}

export function errorAnswer(request: Request, {code, message, attributes}: Refusal, key?: Buffer): Buffer {
  const error: Attributes = [['ERROR-CODE', [code, message]], ...attributes]
  return bytesOf(new Message(request.method, classes.ERROR, request.transactionId, error), key)
}

/** MESSAGE-INTEGRITY stands after everything that it covers. */
function bytesOf(message: Message, key: Buffer | undefined): Buffer {
  message.setAttribute('SOFTWARE', SOFTWARE)
  if (key) message.addMessageIntegrity(key)
  return message.bytes
}
