import {classes, Message, methods} from './codec.ts'
import type {TransportAddress} from '../../probes/stun/message.ts'

/** How data of a peer without a channel travels to the client (RFC 8656, section 11.4). */
export function dataIndication({address, port}: TransportAddress, data: Buffer): Buffer {
  const message = new Message(methods.DATA, classes.INDICATION)
  message.setAttribute('XOR-PEER-ADDRESS', [address, port])
  message.setAttribute('DATA', data)
  return message.bytes
}
