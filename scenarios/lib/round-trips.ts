import {meetConditions} from '../../src/dialect/conditions.ts'
import {lookupOf, type Conversation} from '../../src/dialect/conversation-state.ts'
import {meet} from '../../src/dialect/expectation.ts'
import {freshId} from '../../src/dialect/fresh-id.ts'
import type {Received, Sent} from '../../src/dialect/message.ts'
import type {Side} from '../../src/dialect/plan.ts'
import {messageOf} from '../../src/dialect/sending.ts'
import * as measure from './measure.ts'
import type {PhaseTags} from './measure.ts'

interface Trip {
  readonly id: string
  readonly n: number
  readonly ack: number | undefined
  readonly sentAt: number
  /** The phase in which it was due. */
  readonly at: PhaseTags
}

export interface RoundTrips {
  /** The message of the next one, which begins now. */
  begin(sentAt: number, at: PhaseTags): Sent
  /** Gives a message to the round trip that it answers, if it answers one. */
  receive(side: Side, message: Received, moment: number): void
  /** Gives up those that were begun before a moment. */
  giveUp(before: number): void
  readonly waiting: number
}

/**
 * The round trips of a conversation that has come so far: as the dialect's own, but told one by one as they end, since
 * those of a drill last as long as it does.
 */
export function roundTripsOf(state: Conversation): RoundTrips {
  const {roundTrip} = state.dialect
  const hearing: Side = roundTrip.kind === 'relay' ? 'b' : 'a'
  const {roundTripTimeoutMs} = state.settings
  let {nextAck} = state.clients.a
  // Fresh ones for every message would cost more than sending it.
  const prefix = freshId(Math.random)
  let n = 0
  let trips: Trip[] = []

  const answers = ({id, n: number, ack}: Trip, message: Received): boolean => {
    switch (roundTrip.kind) {
      case 'ping':
        return message.kind === 'pong' && message.value === id
      case 'ack':
        if (message.kind !== 'ack' || message.ack !== ack) return false
        return meetConditions(message.value, roundTrip.ack, lookupOf(state, hearing, {id, n: number})) !== null
      case 'relay':
      case 'reply':
        return meet(message, roundTrip.expect, lookupOf(state, hearing, {id, n: number})) !== null
    }
  }
  const tell = ({at}: Trip, value?: number) => {
    const ok = value !== undefined
    measure.event('signaling_rtt', ok, {at, value})
    measure.event('operation', ok, {at})
    measure.roundTrip(ok, at)
  }
  return {
    get waiting() {
      return trips.length
    },
    begin(sentAt, at) {
      const id = `${prefix}${n}x`
      const ack = roundTrip.kind === 'ack' ? nextAck++ : undefined
      const message: Sent =
        roundTrip.kind === 'ping'
          ? {kind: 'ping', value: id}
          : messageOf(roundTrip.send, lookupOf(state, 'a', {id, n}), ack)
      trips.push({id, n: n++, ack, sentAt, at})
      return message
    },
    receive(side, message, moment) {
      if (side !== hearing || trips.length === 0) return
      const index = trips.findIndex((trip) => answers(trip, message))
      const [trip] = index < 0 ? [] : trips.splice(index, 1)
      if (!trip) return
      const value = Math.max(0, moment - trip.sentAt)
      tell(trip, value > roundTripTimeoutMs ? undefined : value)
    },
    giveUp(before) {
      const lost = trips.filter(({sentAt}) => sentAt <= before)
      if (lost.length === 0) return
      trips = trips.filter(({sentAt}) => sentAt > before)
      for (const trip of lost) tell(trip)
    },
  }
}
