import {blameOf, type FailureCode} from '../../src/core/failure.ts'
import {farewell} from '../../src/dialect/farewell.ts'
import type {Sent} from '../../src/dialect/message.ts'
import {sidesOf, type Side} from '../../src/dialect/plan.ts'
import {shareOfSession, windowsAbove} from '../../src/load/curve.ts'
import {slotFrom, spread} from '../../src/load/timetable.ts'
import type {SocketLoad} from '../../src/load/workload.ts'
import {addressOf} from './address.ts'
import {openClient, type Client} from './client.ts'
import {calibrate, elapsed} from './clock.ts'
import {heartbeatsOf, type Heartbeats} from './heartbeats.ts'
import * as measure from './measure.ts'
import {openConversation, type Opening} from './opening.ts'
import {isLimit, refusalStatus} from './refusal.ts'
import {roundTripsOf, type RoundTrips} from './round-trips.ts'
import {workload} from './workload.ts'

type Alarm = 'slot' | 'life' | 'connect' | 'retry' | 'close'

/**
 * One planned session: a place in the load that is held as long as the curve plans it. It connects, converses, makes
 * its round trips, leaves after its time and begins anew; after a failure it comes back, later each time. Its timetable
 * is absolute: what is due while there is no session to send it on was not carried.
 */
export class Session {
  readonly #load: SocketLoad
  readonly #index: number
  #clients = new Map<Side, Client>()
  #opening: Opening | undefined
  #trips: RoundTrips | undefined
  #heartbeats: Heartbeats | undefined
  #timers = new Map<Alarm, ReturnType<typeof setTimeout>>()
  #failures = 0
  #limited = false
  #connecting = false
  /** A round trip that fell due while the session was on its way, which it makes as soon as it can. */
  #deferred: measure.PhaseTags | undefined
  #lives = 0
  #stopAt = 0

  constructor(load: SocketLoad, index: number) {
    this.#load = load
    this.#index = index
  }

  /** Sets the alarms of its whole plan. */
  schedule(): void {
    for (const {openMs, closeMs} of windowsAbove(workload.phases, shareOfSession(this.#index, this.#load.sessions))) {
      setTimeout(() => this.#begin(openMs, closeMs), Math.max(1, openMs - elapsed()))
    }
  }

  #begin(openMs: number, closeMs: number): void {
    const {marginMs, intervalMs} = this.#load
    this.#stopAt = closeMs - marginMs
    this.#failures = 0
    this.#after('close', closeMs - elapsed(), () => this.#end())
    this.#planSlot(slotFrom(this.#index, intervalMs, openMs))
    this.#connect()
  }

  #end(): void {
    for (const name of this.#timers.keys()) this.#clear(name)
    this.#deferred = undefined
    this.#leave()
  }

  #connect(): void {
    const load = this.#load
    calibrate()
    const dialledAt = elapsed()
    this.#clear('retry')
    this.#connecting = true
    const sides = sidesOf(load.dialect)
    const send = (side: Side, message: Sent) => this.#clients.get(side)?.send(message)
    const opening = openConversation(load, {
      send,
      failed: ({code, message}) => void this.#fail(code, message),
      ready: (state) => {
        measure.sessionReady(elapsed() - dialledAt)
        measure.reached('ready', load.clients)
        this.#trips = roundTripsOf(state)
        this.#heartbeats = heartbeatsOf(state, send)
        this.#failures = 0
        this.#limited = false
        if (this.#deferred) this.#send(this.#deferred)
        this.#deferred = undefined
      },
    })
    this.#opening = opening
    this.#after('connect', load.connectTimeoutMs, () => {
      void this.#fail('timeout', `no connection within ${load.connectTimeoutMs} ms`)
    })
    let connected = 0
    for (const side of sides) {
      measure.reached('dialled')
      const client = openClient(addressOf(load, opening.state, side), {
        opened: (values) => {
          this.#handshake(true)
          if (++connected === sides.length) {
            this.#connecting = false
            this.#clear('connect')
          }
          opening.feed({kind: 'opened', side, values})
        },
        message: (message, at) => {
          if (!this.#trips) opening.feed({kind: 'received', side, message, at})
          else if (!this.#heartbeats?.answer(side, message)) this.#trips.receive(side, message, at)
        },
        ended: (code, message, details) => void this.#fail(code, message, details?.refused),
      })
      this.#clients.set(side, client)
    }
    // The first lives end at different times, so that the later ones begin evenly.
    const lifeMs = load.lifeMs * (this.#lives++ === 0 ? 0.2 + 0.8 * spread(this.#index) : 1)
    this.#after('life', lifeMs, () => this.#renew())
  }

  #handshake(ok: boolean): void {
    measure.connectDone(ok)
    const kind = this.#load.dialect.transport.kind === 'socket.io' ? 'socketio_handshake' : 'websocket_handshake'
    measure.event(kind, ok, {at: measure.phaseTags()})
  }

  /** Ends this life to begin the next one; what is under way may still be answered. */
  #renew(): void {
    const {marginMs} = this.#load
    if (!this.#trips || elapsed() + 2 * marginMs > this.#stopAt) return // it fails just now, or its time is over anyhow
    if (this.#trips.waiting > 0) {
      this.#trips.giveUp(elapsed() - this.#load.roundTripTimeoutMs)
      this.#after('life', 100, () => this.#renew())
      return
    }
    this.#leave()
    this.#connect()
  }

  #leave(): void {
    const opening = this.#opening
    if (opening && this.#trips) {
      for (const output of farewell(opening.state)) {
        if (output.kind === 'send') this.#clients.get(output.side)?.send(output.message)
      }
    }
    this.#drop(false)
  }

  /** Lets go of the connections. What was under way is lost; what the conversation still owed is bad if it `owes`. */
  #drop(owes: boolean): void {
    this.#trips?.giveUp(Infinity)
    this.#trips = undefined
    this.#heartbeats?.stop()
    this.#heartbeats = undefined
    this.#opening?.abandon(owes)
    this.#opening = undefined
    for (const client of this.#clients.values()) client.close()
    this.#clients = new Map()
    this.#clear('connect')
    this.#clear('life')
  }

  async #fail(code: FailureCode, message: string, refused = false): Promise<void> {
    const opening = this.#opening
    if (!opening) return
    const {limiterIsFault, retryMs, longestRetryMs} = this.#load
    const connecting = this.#connecting
    this.#connecting = false
    this.#clear('connect')
    const first = sidesOf(this.#load.dialect)[0] ?? 'a'
    const {url, headers} = addressOf(this.#load, opening.state, first)
    const status = refused ? await refusalStatus(url, headers) : 0
    if (this.#opening !== opening) return // its time ended meanwhile
    if (refused) measure.refusal(status)
    this.#limited = !limiterIsFault && (refused || code === 'connect_error') && isLimit(status, message)
    if (this.#limited) measure.refusedByLimit(measure.phaseTags())
    else if (connecting && blameOf(code) === 'target') this.#handshake(false)
    measure.failure(code, status > 0 ? `${message}: status ${status}` : message)
    this.#drop(!this.#limited && blameOf(code) === 'target')
    if (this.#deferred) this.#miss(this.#deferred)
    this.#deferred = undefined
    const waitMs = Math.min(longestRetryMs, retryMs * 2 ** this.#failures++) * (0.5 + Math.random())
    if (elapsed() + waitMs < this.#stopAt) this.#after('retry', waitMs, () => this.#connect())
  }

  #planSlot(at: number): void {
    if (at >= this.#stopAt) {
      this.#clear('slot')
      return
    }
    this.#after('slot', at - elapsed(), () => {
      this.#due(measure.phaseTags(at))
      measure.lag(elapsed() - at)
      this.#planSlot(slotFrom(this.#index, this.#load.intervalMs, at + this.#load.intervalMs / 2))
    })
  }

  #due(at: measure.PhaseTags): void {
    this.#trips?.giveUp(elapsed() - this.#load.roundTripTimeoutMs)
    if (this.#trips) this.#send(at)
    else if (this.#opening && this.#failures === 0) {
      if (this.#deferred) measure.slot(false, this.#deferred)
      this.#deferred = at
    } else this.#miss(at)
  }

  #send(at: measure.PhaseTags): void {
    const message = this.#trips?.begin(elapsed(), at)
    if (message) this.#clients.get('a')?.send(message)
    measure.slot(true, at)
  }

  /** Nobody was there to send it: the fault of a system that refused or dropped the session, unless a limit did. */
  #miss(at: measure.PhaseTags): void {
    if (this.#limited) return
    measure.slot(false, at)
    measure.event('signaling_rtt', false, {at})
    measure.event('operation', false, {at})
    measure.roundTrip(false, at)
  }

  #after(name: Alarm, ms: number, act: () => void): void {
    this.#clear(name)
    const ring = () => {
      this.#timers.delete(name)
      act()
    }
    this.#timers.set(name, setTimeout(ring, Math.max(1, ms)))
  }

  #clear(name: Alarm): void {
    const timer = this.#timers.get(name)
    if (timer !== undefined) clearTimeout(timer)
    this.#timers.delete(name)
  }
}
