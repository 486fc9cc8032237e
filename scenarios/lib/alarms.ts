import {elapsed} from './clock.ts'
import {move, type Timed} from './heap.ts'

const names = ['open', 'life', 'connect', 'retry', 'close'] as const
export type AlarmName = (typeof names)[number]

/** Somebody who is woken. */
export interface Sleeper {
  wake(name: AlarmName): void
}

/**
 * What wakes a session, each alarm once and only in its latest setting. Plain numbers, and one timer of k6's for all
 * sessions of a virtual user: a Map, or an object for each alarm, needs as much memory as all the rest of a session.
 */
export class Alarms implements Timed {
  readonly sleeper: Sleeper
  /** No later than the first of its alarms. */
  at = Infinity
  place = 0
  open = Infinity
  life = Infinity
  connect = Infinity
  retry = Infinity
  close = Infinity

  constructor(sleeper: Sleeper) {
    this.sleeper = sleeper
  }

  set(name: AlarmName, ms: number): void {
    const at = elapsed() + Math.max(1, ms)
    this[name] = at
    if (at >= this.at) return
    move(heap, this, at)
    wind()
  }

  clear(name: AlarmName): void {
    this[name] = Infinity
    if (heap[0] === this) wind()
  }

  clearAll(): void {
    this.open = this.life = this.connect = this.retry = this.close = Infinity
    if (heap[0] === this) wind()
  }

  /** Of its first alarm, which may have become later than it lies in the heap. */
  get firstAt(): number {
    return Math.min(this.open, this.life, this.connect, this.retry, this.close)
  }

  /** Wakes for the alarm of this time. */
  ring(at: number): void {
    const name = names.find((one) => this[one] === at)
    if (!name) return
    this[name] = Infinity
    this.sleeper.wake(name)
  }
}

/** All that have an alarm to come. */
const heap: Alarms[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let timerAt = Infinity

/**
 * Sees to it that the timer wakes us for the first alarm, or earlier, as to set it costs more than to wake in vain. Without
 * an alarm there is none: nothing then keeps a virtual user from its end.
 */
function wind(): void {
  settle()
  const at = heap[0]?.at ?? Infinity
  if (at < Infinity && timerAt <= at) return
  if (timer !== undefined) clearTimeout(timer)
  timerAt = at
  timer = at === Infinity ? undefined : setTimeout(ring, Math.max(1, at - elapsed()))
}

/** Puts those in their place whose first alarm was cleared, until the first is one whose was not. */
function settle(): void {
  for (let first = heap[0]; first; first = heap[0]) {
    const at = first.firstAt
    if (at === first.at) return
    move(heap, first, at)
  }
}

/** So long at once, so that what comes meanwhile need not wait for all of many that ring together. */
const RING_MS = 5

function ring(): void {
  timer = undefined
  timerAt = Infinity
  const now = elapsed()
  while (elapsed() < now + RING_MS) {
    settle()
    const first = heap[0]
    if (!first || first.at > now) break
    first.ring(first.at)
  }
  wind()
}
