import {elapsed} from './clock.ts'
import {addTo, takeFirst} from './heap.ts'

export type AlarmName = 'life' | 'connect' | 'retry' | 'close'

/** Somebody who is woken. */
export interface Sleeper {
  wake(name: AlarmName): void
}

interface Alarm {
  readonly at: number
  readonly name: AlarmName
  readonly of: Alarms
}

/**
 * What wakes a session, each alarm once and only in its latest setting. Fields, and one timer of k6's for all sessions
 * of a virtual user: a Map, or a timer with what it calls, needs as much memory as all the rest of a session.
 */
export class Alarms {
  readonly #sleeper: Sleeper
  life: Alarm | undefined
  connect: Alarm | undefined
  retry: Alarm | undefined
  close: Alarm | undefined

  constructor(sleeper: Sleeper) {
    this.#sleeper = sleeper
  }

  set(name: AlarmName, ms: number): void {
    const alarm: Alarm = {at: elapsed() + Math.max(1, ms), name, of: this}
    this[name] = alarm
    addTo(heap, alarm)
    wind()
  }

  clear(name: AlarmName): void {
    if (!this[name]) return
    this[name] = undefined
    wind()
  }

  clearAll(): void {
    this.life = this.connect = this.retry = this.close = undefined
    wind()
  }

  ring({name}: Alarm): void {
    this[name] = undefined
    this.#sleeper.wake(name)
  }
}

/** All that were set. Those that were cleared since lie there until they are the first. */
const heap: Alarm[] = []
let timer: ReturnType<typeof setTimeout> | undefined
let timerAt = Infinity

/** Sets the timer to the first alarm. Without one there is none: nothing then keeps a virtual user from its end. */
function wind(): void {
  let first = heap[0]
  for (; first && first.of[first.name] !== first; first = heap[0]) takeFirst(heap)
  const at = first?.at ?? Infinity
  if (at === timerAt) return
  if (timer !== undefined) clearTimeout(timer)
  timerAt = at
  timer = first && setTimeout(ring, Math.max(1, at - elapsed()))
}

function ring(): void {
  timer = undefined
  timerAt = Infinity
  const now = elapsed()
  for (let first = heap[0]; first && first.at <= now; first = heap[0]) {
    takeFirst(heap)
    if (first.of[first.name] === first) first.of.ring(first)
  }
  wind()
}
