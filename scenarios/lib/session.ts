import {blameOf, type FailureCode} from '../../src/core/failure.ts'
import type {Values} from '../../src/dialect/conditions.ts'
import type {Conversation, ConversationFailure, Known} from '../../src/dialect/conversation-state.ts'
import {leaving} from '../../src/dialect/farewell.ts'
import type {Received, Sent} from '../../src/dialect/message.ts'
import type {Side} from '../../src/dialect/plan.ts'
import {slotFrom} from '../../src/load/timetable.ts'
import type {SocketLoad} from '../../src/load/workload.ts'
import {addressOf, addressToDial} from './address.ts'
import {Alarms, type AlarmName, type Sleeper} from './alarms.ts'
import {Client, type Listener} from './client.ts'
import {calibrate, elapsed} from './clock.ts'
import {heartbeatsOf, type Heartbeats} from './heartbeats.ts'
import * as measure from './measure.ts'
import {Opening, type OpeningListener} from './opening.ts'
import {EARLY_MS, sit, type Seat} from './ring.ts'
import {answeredStatus, isLimit, refusalStatus} from './refusal.ts'
import {RoundTrips} from './round-trips.ts'
import {firstLifeMs, retryMs, windowAfter} from './waits.ts'
import {withoutSecrets} from './without-secrets.ts'

/**
 * One planned session: a place in the load that is held as long as the curve plans it. It connects, converses, makes
 * its round trips, leaves after its time and begins anew; after a failure it comes back, later each time. Its timetable
 * is absolute: what is due while there is no session to send it on was not carried.
 */
export class Session implements Seat, Sleeper, Listener, OpeningListener {
  readonly #index: number
  #place = 0
  readonly #load: SocketLoad
  /** Its clients, in fields: a Map takes the memory of three. */
  #a: Client | undefined
  #b: Client | undefined
  #opening: Opening | undefined
  #trips: RoundTrips | undefined
  #heartbeats: Heartbeats | undefined
  readonly #alarms = new Alarms(this)
  #failures = 0
  #limited = false
  #connecting = false
  #begunAt = 0
  /** Clients that have not connected yet. */
  #missing = 0
  /** A round trip that fell due while the session was on its way, which it makes as soon as it can. */
  #deferred: measure.PhaseTags | undefined
  /** How often its time has come. */
  #windows = 0
  #lives = 0
  #openAt = Infinity
  #stopAt = 0

  constructor(load: SocketLoad, index: number) {
    this.#load = load
    this.#index = index
  }

  get index(): number {
    return this.#index
  }

  set place(place: number) {
    this.#place = place
  }

  /** Waits for the next time that its plan has for it. */
  schedule(): void {
    const next = windowAfter(this.#load, this.#index, this.#windows)
    if (next) this.#alarms.set('open', next.openMs - elapsed())
  }

  wake(name: AlarmName): void {
    if (name === 'open') this.#begin()
    else if (name === 'life') this.#renew()
    else if (name === 'connect') this.#fail('timeout', `no connection within ${this.#load.connectTimeoutMs} ms`)
    else if (name === 'retry') this.#connect()
    else this.#end()
  }

  #begin(): void {
    const window = windowAfter(this.#load, this.#index, this.#windows++)
    if (!window) return
    const {openMs, closeMs} = window
    const {marginMs, intervalMs} = this.#load
    this.#openAt = openMs
    this.#stopAt = closeMs - marginMs
    this.#failures = 0
    this.#alarms.set('close', closeMs - elapsed())
    this.#connect()
    const now = elapsed()
    let slotAt = slotFrom(this.#index, intervalMs, openMs)
    // The ring may have gone by already.
    for (; slotAt <= now + EARLY_MS; slotAt += intervalMs) this.due(slotAt, measure.phaseTags(slotAt))
    this.#openAt = slotAt - intervalMs / 2
  }

  #end(): void {
    this.#alarms.clearAll()
    this.#deferred = undefined
    this.#leave()
    measure.flush()
    this.schedule()
  }

  #connect(): void {
    const load = this.#load
    calibrate()
    this.#alarms.clear('retry')
    this.#connecting = true
    const opening = new Opening(load, this)
    this.#opening = opening
    this.#begunAt = elapsed()
    if (load.dialect.before.length === 0) this.dial()
    else {
      measure.reached('asked', load.clients)
      opening.feed({kind: 'timer'})
    }
    this.#alarms.set('life', this.#lives++ === 0 ? firstLifeMs(load, this.#index) : load.lifeMs)
  }

  dial(): void {
    const load = this.#load
    const opening = this.#opening
    if (!opening) return
    this.#missing = load.clients
    this.#alarms.set('connect', load.connectTimeoutMs)
    const dial = (side: Side) => new Client(addressToDial(load, opening.state, {side, index: this.#index}), side, this)
    measure.reached('dialled', load.clients)
    this.#a = dial('a')
    if (load.clients === 2) this.#b = dial('b')
  }

  opened({side}: Client, values: Values): void {
    measure.connectDone(this.#load.dialect.transport.kind, true)
    if (--this.#missing === 0) {
      this.#connecting = false
      this.#alarms.clear('connect')
    }
    this.#opening?.opened(side, values)
  }

  message({side}: Client, message: Received, at: number): void {
    if (!this.#trips) this.#opening?.feed({kind: 'received', side, message, at})
    else if (!this.#heartbeats?.answer(side, message)) this.#trips.receive(side, message, at)
  }

  ended(code: FailureCode, message: string, refused: boolean): void {
    if (refused) void this.#refused(code, message)
    else this.#fail(code, message, code === 'at_limit' || (code === 'connect_error' && isLimit(0, message)))
  }

  send(side: Side, message: Sent): void {
    const client = side === 'a' ? this.#a : this.#b
    client?.send(message)
  }

  ready(state: Conversation): void {
    const client = this.#a
    if (!client) return
    measure.sessionReady(elapsed() - this.#begunAt)
    measure.reached('ready', this.#load.clients)
    const trips = new RoundTrips(state, client, {openAt: this.#openAt, stopAt: this.#stopAt})
    this.#trips = trips
    this.#opening = undefined
    this.#heartbeats = heartbeatsOf(state, (side, message) => this.send(side, message))
    const hearer = trips.hearing === 'a' ? client : this.#b
    hearer?.showFirst(trips)
    sit(this.#place, trips)
    this.#failures = 0
    this.#limited = false
    if (this.#deferred) trips.begin(elapsed(), this.#deferred)
    this.#deferred = undefined
  }

  failed({code, stage, message}: ConversationFailure): void {
    const status = stage === 'requests' && this.#opening ? answeredStatus(this.#opening.state) : 0
    if (status >= 400) measure.refusal(status)
    this.#fail(code, message, status > 0 && isLimit(status, status < 300 ? message : ''))
  }

  /** Ends this life to begin the next one; what is under way may still be answered. */
  #renew(): void {
    const {marginMs} = this.#load
    if (!this.#trips || elapsed() + 2 * marginMs > this.#stopAt) return // it fails just now, or its time is over anyhow
    if (this.#trips.waiting > 0) {
      this.#trips.giveUp(elapsed() - this.#load.roundTripTimeoutMs)
      this.#alarms.set('life', 100)
      return
    }
    this.#leave()
    this.#connect()
  }

  #leave(): void {
    if (this.#trips) for (const {side, message} of leaving(this.#trips.known)) this.send(side, message)
    this.#drop(false)
  }

  /** Lets go of the connections. What was under way is lost; what the conversation still owed is bad if it `owes`. */
  #drop(owes: boolean): void {
    sit(this.#place, this)
    this.#trips?.giveUp(Infinity)
    this.#trips = undefined
    this.#heartbeats?.stop()
    this.#heartbeats = undefined
    this.#opening?.abandon(owes)
    this.#opening = undefined
    for (const client of [this.#a, this.#b]) client?.close()
    this.#a = this.#b = undefined
    this.#alarms.clear('connect')
    this.#alarms.clear('life')
  }

  async #refused(code: FailureCode, message: string): Promise<void> {
    const opening = this.#opening
    if (!opening) return
    this.#alarms.clear('connect')
    const {url, headers} = addressOf(this.#load, opening.state, 'a')
    const status = await refusalStatus(url, headers)
    if (this.#opening !== opening) return // its time ended meanwhile
    measure.refusal(status)
    this.#fail(code, status > 0 ? `${message}: status ${status}` : message, isLimit(status, message))
  }

  /** `limited` says that a rate limit spoke. */
  #fail(code: FailureCode, message: string, limited = false): void {
    const known: Known | undefined = this.#trips?.known ?? this.#opening?.state
    if (!known) return
    const connecting = this.#connecting
    this.#connecting = false
    this.#limited = limited && !this.#load.limiterIsFault
    if (this.#limited) measure.refusedByLimit(measure.phaseTags())
    else if (connecting && blameOf(code) === 'target') measure.connectDone(this.#load.dialect.transport.kind, false)
    measure.failure(code, withoutSecrets(message, known))
    this.#drop(!this.#limited && blameOf(code) === 'target')
    if (this.#deferred && !this.#limited) measure.missedTrip(this.#deferred)
    this.#deferred = undefined
    const waitMs = retryMs(this.#load, this.#failures++)
    if (elapsed() + waitMs < this.#stopAt) this.#alarms.set('retry', waitMs)
  }

  /** There is nobody to make its round trip. They end so long before it closes that the last answers still come. */
  due(slotAt: number, at: measure.PhaseTags): void {
    if (slotAt < this.#openAt || slotAt >= this.#stopAt) return
    if (this.#opening && this.#failures === 0) {
      if (this.#deferred) measure.skippedTrip(this.#deferred)
      this.#deferred = at
    } else if (!this.#limited) measure.missedTrip(at) // the fault of a system that refused or dropped the session
  }
}
