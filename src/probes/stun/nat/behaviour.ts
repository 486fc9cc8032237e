import type {TransportAddress} from '../message.ts'
import {hostPort} from '../uri.ts'
import type {OpenSocket} from './open-socket.ts'

/** By what a NAT tells apart: nothing, the other end's address, or its address and port (RFC 4787 sections 4 and 5). */
export type Dependence = 'endpoint-independent' | 'address-dependent' | 'address-and-port-dependent'

export interface Ends {
  readonly server: TransportAddress
  /** Another address and another port of the same server (OTHER-ADDRESS). */
  readonly other: TransportAddress
}

/** Whether other destinations see us under other addresses (RFC 5780 section 4.3). */
export async function mappingOf(
  socket: OpenSocket,
  {server, other}: Ends,
): Promise<Dependence | 'no NAT' | 'unknown: its other address does not answer'> {
  const first = await mappedBy(socket, server)
  if (first === hostPort(socket.local.address, socket.local.port)) return 'no NAT'
  const second = await mappedBy(socket, {address: other.address, port: server.port})
  if (first === undefined || second === undefined) return 'unknown: its other address does not answer'
  if (second === first) return 'endpoint-independent'
  const third = await mappedBy(socket, other)
  if (third === undefined) return 'unknown: its other address does not answer'
  return third === second ? 'address-dependent' : 'address-and-port-dependent'
}

/** From where answers get through to us (RFC 5780 section 4.4). The socket must have asked nobody else before. */
export async function filteringOf(
  socket: OpenSocket,
  {server, other}: Ends,
): Promise<Dependence | 'unknown: it answers from the address that was asked'> {
  await socket.ask(server)
  const elsewhere = await socket.ask(server, {address: true, port: true})
  if (elsewhere) {
    // a server that does not know CHANGE-REQUEST answers as ever, and proves nothing
    return elsewhere.from.address === other.address
      ? 'endpoint-independent'
      : 'unknown: it answers from the address that was asked'
  }
  const samePlace = await socket.ask(server, {address: false, port: true})
  if (!samePlace) return 'address-and-port-dependent'
  return samePlace.from.port === server.port
    ? 'unknown: it answers from the address that was asked'
    : 'address-dependent'
}

async function mappedBy(socket: OpenSocket, server: TransportAddress): Promise<string | undefined> {
  const mapped = (await socket.ask(server))?.message.mapped
  return mapped && hostPort(mapped.address, mapped.port)
}
