import {methods} from './codec.ts'
import type {TransportAddress} from '../../probes/stun/message.ts'
import type {Allocation} from './allocation.ts'
import type {Allocations} from './allocations.ts'
import {Refusal, type Attributes} from './answer.ts'
import type {Client} from './client.ts'
import type {Request} from './request.ts'

/** An authenticated request. */
export interface Exchange {
  readonly client: Client
  readonly request: Request
  readonly user: string
  readonly allocations: Allocations
  readonly policy: Policy
}

export interface Policy {
  /** Longest lifetime of an allocation, in seconds. */
  readonly maxLifetimeS: number
  /** Peers that a client may not reach are answered with 403. */
  readonly allowPeer: (host: string) => boolean
}

/** Answers with attributes, with nothing at all, or throws a Refusal. */
type Handler = (exchange: Exchange) => Attributes | undefined | Promise<Attributes | undefined>

export const handlers: Readonly<Partial<Record<methods, Handler>>> = {
  [methods.ALLOCATE]: allocate,
  [methods.REFRESH]: refresh,
  [methods.CREATE_PERMISSION]: createPermission,
  [methods.CHANNEL_BIND]: channelBind,
}

const UDP = 17
const DEFAULT_LIFETIME_S = 600

/** RFC 8656, section 7.2, in its order. */
async function allocate(exchange: Exchange): Promise<Attributes | undefined> {
  const {client, request, user, allocations} = exchange
  const existing = allocations.of(client)
  if (existing && !existing.transactionId.equals(request.transactionId)) throw new Refusal(437)
  if (existing) return allocated(existing, exchange) // a retransmission: its answer was lost
  if (request.transport === undefined) throw new Refusal(400)
  if (request.transport !== UDP) throw new Refusal(442)
  const family = request.family ?? 1
  if (family !== 1 && family !== 2) throw new Refusal(440)
  if (request.reservation) throw new Refusal(508)
  const allocation = await allocations.open({client, user, request, family})
  return allocation && allocated(allocation, exchange)
}

function allocated(allocation: Allocation, {client, request, policy}: Exchange): Attributes {
  const lifetimeS = grantedLifetime(request, policy)
  allocation.refresh(lifetimeS)
  return [
    ['XOR-RELAYED-ADDRESS', [allocation.relayed.address, allocation.relayed.port]],
    ['XOR-MAPPED-ADDRESS', [client.address, client.port]],
    ['LIFETIME', lifetimeS],
  ]
}

/** RFC 8656, section 8.2. A lifetime of nought releases the allocation. */
function refresh(exchange: Exchange): Attributes {
  const allocation = allocationOf(exchange)
  const {request, policy} = exchange
  const lifetimeS = request.lifetime === 0 ? 0 : grantedLifetime(request, policy)
  if (lifetimeS === 0) allocation.close()
  else allocation.refresh(lifetimeS)
  return [['LIFETIME', lifetimeS]]
}

/** RFC 8656, section 10.2. All peers are permitted, or none. */
function createPermission(exchange: Exchange): Attributes {
  const allocation = allocationOf(exchange)
  const {peers} = exchange.request
  if (peers.length === 0) throw new Refusal(400)
  for (const peer of peers) checkPeer(peer, allocation, exchange)
  for (const peer of peers) allocation.permit(peer)
  return []
}

/** RFC 8656, section 12.2; channels above 0x4FFF are those of RFC 5766, and of clients of its time. */
function channelBind(exchange: Exchange): Attributes {
  const allocation = allocationOf(exchange)
  const {channel, peers} = exchange.request
  const [peer] = peers
  if (!peer || channel === undefined || channel < 0x4000 || channel > 0x7fff) throw new Refusal(400)
  checkPeer(peer, allocation, exchange)
  allocation.bind(channel, peer)
  return []
}

/** The client's own allocation: made by it, and with the same user name (RFC 8656, section 5). */
function allocationOf({client, user, allocations}: Exchange): Allocation {
  const allocation = allocations.of(client)
  if (!allocation) throw new Refusal(437)
  if (allocation.user !== user) throw new Refusal(441)
  return allocation
}

function checkPeer(peer: TransportAddress, allocation: Allocation, {policy}: Exchange): void {
  allocation.checkFamily(peer)
  if (!policy.allowPeer(peer.address)) throw new Refusal(403)
}

function grantedLifetime({lifetime = 0}: Request, {maxLifetimeS}: Policy): number {
  return Math.min(Math.max(lifetime, DEFAULT_LIFETIME_S), maxLifetimeS)
}
