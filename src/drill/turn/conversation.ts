import {randomInt} from 'node:crypto'
import {jitter} from '../../core/stats.ts'
import type {Call} from './call.ts'
import type {PhaseMarks} from './recorder.ts'

/** Offsets in a ChannelData message: its header, then whose packet it is, and its number. */
const TAG = 4
const NUMBER = 8
const LEAST_BYTES = 12
/** How many packets beyond those that can be under way are remembered: after a stall many are sent at once. */
const SPARE = 4

export interface PacketLoad {
  readonly intervalMs: number
  readonly size: number
  readonly lostAfterMs: number
}

/** What becomes of each packet, once. */
export interface PacketListener {
  now(): number
  returned(rttMs: number, sentIn: PhaseMarks): void
  lost(sentIn: PhaseMarks): void
}

/**
 * The packets of one call: sent by the near end, sent back by the far end as they are. Both ends are in this thread, so
 * that the times of both ways are exact; each counts from when a packet was sent.
 */
export class Conversation {
  readonly #call: Call
  readonly #listener: PacketListener
  readonly #lostAfterMs: number
  readonly #template: Buffer
  readonly #tag = randomInt(2 ** 32)
  readonly #capacity: number
  /** When each packet was sent, NaN once it is settled; by its number modulo the capacity. */
  readonly #sentAt: Float64Array
  readonly #sentIn: PhaseMarks[] = []
  #next = 0
  #oldest = 0
  #pending = 0
  /** Transit times on the way out since they were last asked for. */
  #transits: number[] = []

  constructor(call: Call, {intervalMs, size, lostAfterMs}: PacketLoad, listener: PacketListener) {
    this.#call = call
    this.#listener = listener
    this.#lostAfterMs = lostAfterMs
    this.#capacity = Math.ceil((SPARE * lostAfterMs) / intervalMs) + 1
    this.#sentAt = new Float64Array(this.#capacity).fill(Number.NaN)
    this.#template = Buffer.alloc(TAG + size)
    this.#template.writeUInt16BE(call.toFar, 0)
    this.#template.writeUInt16BE(size, 2)
    this.#template.writeUInt32BE(this.#tag, TAG)
    call.far.onChannelData((message) => this.#sendBack(message))
    call.near.onChannelData((message) => this.#receive(message))
  }

  /** Packets under way. */
  get pending(): number {
    return this.#pending
  }

  send(nowMs: number, sentIn: PhaseMarks): void {
    const number = this.#next++
    const place = number % this.#capacity
    this.#settle(place, undefined)
    this.#sentAt[place] = nowMs
    this.#sentIn[place] = sentIn
    this.#pending++
    const message = Buffer.from(this.#template)
    message.writeUInt32BE(number, NUMBER)
    this.#call.near.sendChannelData(message)
  }

  /** Gives up those that have been under way for too long. */
  sweep(nowMs: number): void {
    for (; this.#oldest < this.#next; this.#oldest++) {
      const place = this.#oldest % this.#capacity
      if (nowMs - (this.#sentAt[place] ?? 0) < this.#lostAfterMs) return
      this.#settle(place, undefined)
    }
  }

  /** Interarrival jitter since it was last asked for; undefined without packets. */
  jitterMs(): number | undefined {
    const transits = this.#transits
    this.#transits = []
    return transits.length < 2 ? undefined : jitter(transits)
  }

  #sendBack(message: Buffer): void {
    const sentAt = this.#sentAtOf(message)
    if (sentAt === undefined) return
    this.#transits.push(this.#listener.now() - sentAt)
    message.writeUInt16BE(this.#call.toNear, 0)
    this.#call.far.sendChannelData(message)
  }

  #receive(message: Buffer): void {
    const sentAt = this.#sentAtOf(message)
    if (sentAt !== undefined) {
      this.#settle(message.readUInt32BE(NUMBER) % this.#capacity, this.#listener.now() - sentAt)
    }
  }

  /** Undefined for what is none of ours, a copy, or too late. */
  #sentAtOf(message: Buffer): number | undefined {
    if (message.length < LEAST_BYTES || message.readUInt32BE(TAG) !== this.#tag) return undefined
    const number = message.readUInt32BE(NUMBER)
    if (number >= this.#next || number < this.#next - this.#capacity) return undefined
    const sentAt = this.#sentAt[number % this.#capacity] ?? Number.NaN
    return Number.isNaN(sentAt) ? undefined : sentAt
  }

  #settle(place: number, rttMs: number | undefined): void {
    const sentIn = this.#sentIn[place]
    if (!sentIn || Number.isNaN(this.#sentAt[place] ?? Number.NaN)) return
    this.#sentAt[place] = Number.NaN
    this.#pending--
    if (rttMs === undefined) this.#listener.lost(sentIn)
    else this.#listener.returned(rttMs, sentIn)
  }
}
