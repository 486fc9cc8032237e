import {isJsonObject, type Json, type JsonObject} from '../../core/json.ts'

/** One connected client. */
export interface Member {
  readonly sid: string
  emit(event: string, ...args: readonly Json[]): void
}

/** Ways to misbehave on purpose. */
export interface LobbyFaults {
  /** Everything that a client hears comes this much later. */
  readonly lateMs?: number
  readonly neverMatch?: boolean
  /** Drops one candidate in so many. */
  readonly dropCandidates?: number
}

interface Waiting {
  readonly member: Member
  readonly interests: readonly Json[]
}

/** The video chat itself: a queue that matches by a common interest, and rooms of two that hand on what is sent. */
export class Lobby {
  readonly #faults: LobbyFaults
  #queue: Waiting[] = []
  #peers = new Map<Member, Member>()
  #candidates = 0

  constructor(faults: LobbyFaults) {
    this.#faults = faults
  }

  receive(member: Member, event: string, data: Json): void {
    if (event === 'join-queue') this.#join(member, data)
    else if (event === 'leave') this.leave(member)
    else if (/^send-(offer|answer|candidate)$/.test(event)) this.#relay(member, event.replace('send', 'receive'), data)
  }

  leave(member: Member): void {
    this.#queue = this.#queue.filter((waiting) => waiting.member !== member)
    const peer = this.#peers.get(member)
    this.#peers.delete(member)
    if (!peer) return
    this.#peers.delete(peer)
    this.#tell(peer, 'peer-left', {peerId: member.sid})
  }

  #join(member: Member, data: Json): void {
    this.leave(member)
    const interests = interestsOf(data)
    const found = this.#queue.find((waiting) => waiting.interests.some((one) => interests.includes(one)))
    if (!found || this.#faults.neverMatch) {
      this.#queue.push({member, interests})
      return
    }
    this.#queue = this.#queue.filter((waiting) => waiting !== found)
    this.#peers.set(member, found.member).set(found.member, member)
    const roomId = `${found.member.sid}-${member.sid}`
    this.#tell(found.member, 'matched', {roomId, peerId: member.sid})
    this.#tell(member, 'matched', {roomId, peerId: found.member.sid})
  }

  #relay(member: Member, event: string, data: Json): void {
    const peer = this.#peers.get(member)
    const {dropCandidates} = this.#faults
    if (!peer || (event === 'receive-candidate' && dropCandidates && ++this.#candidates % dropCandidates === 0)) return
    this.#tell(peer, event, {...membersOf(data), from: member.sid})
  }

  #tell(member: Member, event: string, data: Json): void {
    const {lateMs} = this.#faults
    if (lateMs === undefined) member.emit(event, data)
    else setTimeout(() => member.emit(event, data), lateMs).unref()
  }
}

function interestsOf(data: Json): readonly Json[] {
  const {interests} = membersOf(data)
  return Array.isArray(interests) ? (interests as readonly Json[]) : []
}

function membersOf(data: Json): JsonObject {
  return isJsonObject(data) ? data : {}
}
