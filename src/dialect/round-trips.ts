import {complaintDuring} from './complaint.ts'
import {lookupOf, type Arrival, type Conversation, type Output, type Tools} from './conversation-state.ts'
import {meetConditions} from './conditions.ts'
import {meet} from './expectation.ts'
import {freshId} from './fresh-id.ts'
import type {Sent} from './message.ts'
import type {Side} from './plan.ts'
import {messageOf} from './sending.ts'

/** One round trip that was begun. `valueMs` is set when its answer came; a lost one never gets it. */
export interface Trip {
  readonly id: string
  readonly n: number
  readonly sentAt: number
  /** How late it went out, against its timetable. */
  readonly lateMs: number
  readonly ack?: number
  readonly valueMs?: number
  readonly lost: boolean
}

export type Trips = readonly Trip[]

/** Sends what is due on the timetable t0 + k * interval, whether or not earlier answers came, and gives up what is overdue. */
export function runTrips(state: Conversation, tools: Tools): {state: Conversation; outputs: Output[]} {
  const {settings, stageSince} = state
  const outputs: Output[] = []
  let current = state
  while (current.trips.length < settings.count) {
    const n = current.trips.length
    const dueAt = stageSince + n * settings.intervalMs
    const now = tools.now()
    if (now < dueAt) break
    const begun = begin(current, {n, now, lateMs: now - dueAt, id: freshId(() => tools.random())})
    outputs.push({kind: 'send', side: 'a', message: begun.message})
    current = begun.state
  }
  const overdue = tools.now() - settings.roundTripTimeoutMs
  if (!current.trips.some((trip) => isOpen(trip) && trip.sentAt <= overdue)) return {state: current, outputs}
  const trips = current.trips.map((trip) => (isOpen(trip) && trip.sentAt <= overdue ? {...trip, lost: true} : trip))
  return {state: {...current, trips}, outputs}
}

/** Gives a message to the round trip that it answers. Null when it answers none. */
export function answerTrip(state: Conversation, side: Side, arrival: Arrival): Conversation | null {
  if (side !== answeringSide(state)) return null
  const index = state.trips.findIndex((trip) => isOpen(trip) && answers(state, side, {trip, arrival}))
  if (index < 0) return null
  const trips = state.trips.map((trip, i) => (i === index ? {...trip, valueMs: arrival.at - trip.sentAt} : trip))
  return {...state, trips}
}

export function tripsFinished({trips, settings}: Conversation): boolean {
  return trips.length >= settings.count && !trips.some(isOpen)
}

/** When the next one is due or the oldest one overdue. */
export function tripsDeadline({trips, settings, stageSince}: Conversation): number | undefined {
  const oldest = trips.find(isOpen)
  const times = [
    ...(trips.length < settings.count ? [stageSince + trips.length * settings.intervalMs] : []),
    ...(oldest ? [oldest.sentAt + settings.roundTripTimeoutMs] : []),
  ]
  return times.length === 0 ? undefined : Math.min(...times)
}

/** One event for each round trip, in the order of the timetable, how punctual we were, and what was said to lost ones. */
export function tripOutputs(state: Conversation): Output[] {
  const {trips} = state
  if (trips.length === 0) return []
  const complaint = trips.every(({valueMs}) => valueMs !== undefined) ? undefined : complaintDuring(state)
  return [
    ...trips.flatMap(({valueMs}): Output[] => {
      const ok = valueMs !== undefined
      return [
        {kind: 'event', indicator: 'signaling_rtt', ok, ...(ok && {value: valueMs})},
        {kind: 'event', indicator: 'operation', ok},
      ]
    }),
    {kind: 'fact', name: 'send_lateness_ms', value: Math.max(...trips.map(({lateMs}) => lateMs))},
    ...(complaint ? [{kind: 'fact', name: 'server_said', value: complaint.message} as const] : []),
  ]
}

export function answeringSide({dialect}: Conversation): Side {
  return dialect.roundTrip.kind === 'relay' ? 'b' : 'a'
}

function isOpen({valueMs, lost}: Trip): boolean {
  return valueMs === undefined && !lost
}

function begin(
  state: Conversation,
  {n, now, lateMs, id}: {n: number; now: number; lateMs: number; id: string},
): {state: Conversation; message: Sent} {
  const {roundTrip} = state.dialect
  const client = state.clients.a
  const acked = roundTrip.kind === 'ack'
  const trip: Trip = {id, n, sentAt: now, lateMs, lost: false, ...(acked && {ack: client.nextAck})}
  const message: Sent =
    roundTrip.kind === 'ping'
      ? {kind: 'ping', value: id}
      : messageOf(roundTrip.send, lookupOf(state, 'a', {id, n}), trip.ack)
  const clients = acked ? {...state.clients, a: {...client, nextAck: client.nextAck + 1}} : state.clients
  return {state: {...state, clients, trips: [...state.trips, trip]}, message}
}

function answers(state: Conversation, side: Side, {trip, arrival}: {trip: Trip; arrival: Arrival}): boolean {
  const {roundTrip} = state.dialect
  const {message} = arrival
  const lookup = lookupOf(state, side, {id: trip.id, n: trip.n})
  switch (roundTrip.kind) {
    case 'ping':
      return message.kind === 'pong' && message.value === trip.id
    case 'ack':
      return (
        message.kind === 'ack' &&
        message.ack === trip.ack &&
        meetConditions(message.value, roundTrip.ack, lookup) !== null
      )
    case 'relay':
    case 'reply':
      return meet(message, roundTrip.expect, lookup) !== null
  }
}
