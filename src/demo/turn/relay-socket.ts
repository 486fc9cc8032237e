import type {Socket} from 'node:dgram'
import {Refusal} from './answer.ts'
import {boundSocket} from './bound-socket.ts'

/** Relays reach this machine alone. */
const relayHosts = {1: '127.0.0.1', 2: '::1'} as const

/** The families of REQUESTED-ADDRESS-FAMILY (RFC 8656, section 18.5): 1 is IPv4, 2 is IPv6. */
export type Family = keyof typeof relayHosts

const EVEN_PORT_TRIES = 20

/** Opens the socket of an allocation, on an even port where the client wants that (RFC 8656, section 7.2). */
export async function openRelay(family: Family, evenPort: boolean): Promise<Socket> {
  for (let tries = 0; tries < EVEN_PORT_TRIES; tries += 1) {
    const socket = await boundSocket(relayHosts[family], 0)
    if (!evenPort || socket.address().port % 2 === 0) return socket
    socket.close()
  }
  throw new Refusal(508)
}
