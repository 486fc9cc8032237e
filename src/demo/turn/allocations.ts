import {Allocation} from './allocation.ts'
import {Refusal} from './answer.ts'
import type {Client} from './client.ts'
import {openRelay, type Family} from './relay-socket.ts'
import type {Request} from './request.ts'

export interface AllocationLimits {
  /** Of the whole server: one more is answered with 508. */
  readonly maxAllocations: number
  /** Of one user: one more is answered with 486. */
  readonly quota: number
}

export interface Wish {
  readonly client: Client
  readonly user: string
  readonly request: Request
  readonly family: Family
}

/** The allocations of a server, at most one for each client (RFC 8656, section 7.2). */
export class Allocations {
  readonly #limits: AllocationLimits
  readonly #open = new Map<string, Allocation>()
  /** Users of those whose socket is being opened, by client: they count, and a client that goes away takes its own back. */
  readonly #opening = new Map<string, string>()

  constructor(limits: AllocationLimits) {
    this.#limits = limits
  }

  get size(): number {
    return this.#open.size
  }

  of(client: Client): Allocation | undefined {
    return this.#open.get(client.id)
  }

  /** Undefined while an earlier request of the same client is at it, and when the client has gone meanwhile. */
  async open({client, user, request, family}: Wish): Promise<Allocation | undefined> {
    if (this.#opening.has(client.id)) return undefined
    this.#checkLimits(user)
    this.#opening.set(client.id, user)
    try {
      const relay = await openRelay(family, request.evenPort)
      if (!this.#opening.has(client.id)) {
        relay.close()
        return undefined
      }
      const {transactionId} = request
      const onEnd = () => this.#open.delete(client.id)
      const allocation = new Allocation({client, user, transactionId, family, relay, onEnd})
      this.#open.set(client.id, allocation)
      return allocation
    } finally {
      this.#opening.delete(client.id)
    }
  }

  end(client: Client): void {
    this.#opening.delete(client.id)
    this.of(client)?.close()
  }

  close(): void {
    this.#opening.clear()
    for (const allocation of [...this.#open.values()]) allocation.close()
  }

  #checkLimits(user: string): void {
    const users = [...this.#opening.values(), ...[...this.#open.values()].map((allocation) => allocation.user)]
    if (users.length >= this.#limits.maxAllocations) throw new Refusal(508)
    const same = users.filter((other) => nameOf(other) === nameOf(user))
    if (same.length >= this.#limits.quota) throw new Refusal(486)
  }
}

/** Time-limited user names differ in their expiry alone. */
function nameOf(user: string): string {
  return user.replace(/^\d+:/, '')
}
