import type {Trace} from '../../probe.ts'
import type {TransportAddress} from '../message.ts'
import {filteringOf, mappingOf} from './behaviour.ts'
import {type OpenSocket, openSocket} from './open-socket.ts'

interface NatPlan {
  readonly server: TransportAddress
  /** What the server says of a second address of its own; without it mapping and filtering cannot be known. */
  readonly other: TransportAddress | undefined
  /** Our own address on the way there. */
  readonly local: string
}

/** What stands between us and the world: how it maps, what it lets in, whether it turns packets round (RFC 5780). */
export async function tellNat({server, other, local}: NatPlan, trace: Trace): Promise<void> {
  const sockets: OpenSocket[] = []
  const open = async () => {
    const socket = await openSocket(local, trace)
    sockets.push(socket)
    return socket
  }
  try {
    const [first, second, third] = [await open(), await open(), await open()]
    const [hairpin, mapping, filtering] = await Promise.all([
      hairpinOf(first, second, server),
      other && mappingOf(second, {server, other}),
      other && filteringOf(third, {server, other}), // from a port of its own, which no answer has opened yet
    ])
    if (mapping) trace.fact('nat_mapping', mapping)
    if (filtering) trace.fact('nat_filtering', filtering)
    if (hairpin !== undefined) trace.fact('nat_hairpin', hairpin)
    if (!other) trace.fact('nat_unknown', 'the server has no second address to compare with (RFC 5780)')
  } finally {
    for (const socket of sockets) socket.close()
  }
}

/** Whether a packet from inside to our outside address comes back in (RFC 5780 section 4.5). */
async function hairpinOf(
  inside: OpenSocket,
  sender: OpenSocket,
  server: TransportAddress,
): Promise<boolean | undefined> {
  const mapped = (await inside.ask(server))?.message.mapped
  return mapped && sender.reaches(inside, mapped)
}
