import {describe, expect, test} from 'vitest'
import type {Json} from '../../src/core/json.ts'
import {beginConversation, step, wakeAt} from '../../src/dialect/conversation.ts'
import {farewell} from '../../src/dialect/farewell.ts'
import {overdue} from '../../src/dialect/overdue.ts'
import type {Conversation, Input, Output, Settings} from '../../src/dialect/conversation-state.ts'
import type {Received, Sent} from '../../src/dialect/message.ts'
import {operationsOf, type Side} from '../../src/dialect/plan.ts'
import {dialectSchema} from '../../src/dialect/schema.ts'
import {ackDialect, jsonDialect, pingDialect, videoChatDialect} from '../fixtures/dialects.ts'

const settings: Settings = {
  count: 3,
  intervalMs: 10,
  roundTripTimeoutMs: 100,
  matchTimeoutMs: 1000,
  stepTimeoutMs: 500,
  values: {sdp: 'v=0'},
}

/** Leads a conversation by hand, with a clock that stands still until it is set. */
class Stage {
  now = 0
  state: Conversation
  outputs: Output[] = []
  #chance = 0
  readonly #tools = {now: () => this.now, random: () => (this.#chance = (this.#chance * 7 + 0.31) % 1)}

  constructor(dialect: unknown, changes: Partial<Settings> = {}) {
    this.state = beginConversation(dialectSchema.parse(dialect), {...settings, ...changes}, this.#tools)
  }

  feed(input: Input): Output[] {
    const {state, outputs} = step(this.state, input, this.#tools)
    this.state = state
    this.outputs.push(...outputs)
    return [...outputs]
  }

  open(...sides: Side[]): Output[] {
    return sides.flatMap((side) => this.feed({kind: 'opened', side, values: {sid: `sid-${side}`}}))
  }

  receive(side: Side, message: Received, at = this.now): Output[] {
    return this.feed({kind: 'received', side, message, at})
  }

  event(side: Side, event: string, ...value: Json[]): Output[] {
    return this.receive(side, {kind: 'event', event, value})
  }

  at(now: number): Output[] {
    this.now = now
    return this.feed({kind: 'timer'})
  }

  matched(): this {
    this.open('a', 'b')
    this.event('a', 'matched', {roomId: 'r', peerId: 'sid-b'})
    this.event('b', 'matched', {roomId: 'r', peerId: 'sid-a'})
    return this
  }

  /** As far as the round trips. */
  handedOver(): this {
    this.matched()
    this.event('b', 'receive-offer', {offer: {type: 'offer', sdp: 'v=0'}})
    this.event('a', 'receive-answer', {answer: {type: 'answer', sdp: 'v=0'}})
    return this
  }

  get sent(): Sent[] {
    return sentOf(this.outputs)
  }
}

const sentOf = (outputs: readonly Output[]) => outputs.flatMap((one) => (one.kind === 'send' ? [one.message] : []))
const eventsOf = (outputs: readonly Output[], indicator: string) =>
  outputs.flatMap((one) => (one.kind === 'event' && one.indicator === indicator ? [one.value ?? one.ok] : []))
const failureOf = (outputs: readonly Output[]) =>
  outputs.flatMap((one) => (one.kind === 'failed' ? [one.failure] : []))[0]
const video = videoChatDialect()

/** The candidate that a relaying server would hand to B. */
const relayed = (message: Sent | undefined): Received => {
  if (message?.kind !== 'event') throw new Error('no event was sent')
  return {kind: 'event', event: 'receive-candidate', value: message.value}
}

const textOf = (message: Sent | undefined) => (typeof message?.value === 'string' ? message.value : '')

describe('a conversation', () => {
  test('says nothing before both clients are open', () => {
    const stage = new Stage(video)
    expect(sentOf(stage.open('a'))).toEqual([])
    expect(wakeAt(stage.state)).toBeUndefined()
    expect(stage.open('b').filter(({kind}) => kind === 'send')).toMatchObject([
      {side: 'a', message: {event: 'join-queue'}},
      {side: 'b', message: {event: 'join-queue'}},
    ])
  })

  test('gives both clients one isolation value, and each a name of its own', () => {
    const stage = new Stage(video)
    stage.open('a', 'b')
    const [a, b] = stage.sent.map(({value}) => (value as {name: string; interests: string[]}[])[0])
    expect(a?.interests).toEqual(b?.interests)
    expect(a?.name).not.toEqual(b?.name)
  })

  test('goes through its stages in order, and delivers every operation', () => {
    const stage = new Stage(video).handedOver()
    for (const now of [10, 20]) stage.at(now)
    for (const message of stage.sent.slice(-3)) stage.receive('b', relayed(message), stage.now + 1)
    expect(stage.outputs.flatMap((one) => (one.kind === 'stage' ? [one.stage] : []))).toEqual([
      'match',
      'offer',
      'answer',
      'round_trips',
      'leave',
    ])
    expect(stage.outputs.at(-1)).toEqual({kind: 'done'})
    expect(eventsOf(stage.outputs, 'operation')).toHaveLength(operationsOf(stage.state.dialect, 3))
    expect(wakeAt(stage.state)).toBeUndefined()
    expect(stage.feed({kind: 'timer'})).toEqual([])
  })

  test('measures the match from the second join to the slower client', () => {
    const stage = new Stage(video)
    stage.open('a', 'b')
    stage.now = 30
    stage.event('a', 'matched', {roomId: 'r', peerId: 'sid-b'})
    stage.now = 45
    stage.event('b', 'matched', {roomId: 'r', peerId: 'sid-a'})
    expect(eventsOf(stage.outputs, 'match_latency')).toEqual([45])
  })

  test('lets unsolicited messages pass by, and keeps what came too early', () => {
    const stage = new Stage(video)
    stage.open('a', 'b')
    stage.event('b', 'receive-offer', {offer: {type: 'offer', sdp: 'v=0'}}) // before B's own match
    stage.event('b', 'users-online', 7)
    stage.event('b', 'matched', {roomId: 'r', peerId: 'sid-a'})
    const outputs = stage.event('a', 'matched', {roomId: 'r', peerId: 'sid-b'})
    expect(sentOf(outputs)).toMatchObject([{event: 'send-offer'}, {event: 'send-answer'}])
  })

  test('looks at each message of a flood once, and again when a value is another', () => {
    const open = [
      {only: 'b', set: {n: 0}},
      {only: 'b', expect: {where: {'$.type': 'now'}, take: {n: '$.n'}}},
      {only: 'a', send: {text: 'first'}},
      {only: 'a', expect: {where: {'$.n': '{other.n}'}}},
    ]
    const match = {join: [{send: {text: 'join'}}]}
    const relay = {kind: 'relay', send: {text: '{id}'}, expect: {where: {$: '{id}'}}}
    const stage = new Stage({transport: {kind: 'ws'}, open, match, roundTrip: relay})
    stage.open('b', 'a')
    let looks = 0
    const early = {
      get n() {
        looks++
        return 7
      },
    }
    stage.receive('a', {kind: 'json', value: early})
    const looked = looks
    for (let n = 100; n < 150; n++) stage.receive('a', {kind: 'json', value: {n}})
    expect(looks).toBe(looked)
    const said = sentOf(stage.receive('b', {kind: 'json', value: {type: 'now', n: 7}}))
    expect(said.slice(0, 2)).toEqual([
      {kind: 'text', value: 'join'},
      {kind: 'text', value: 'join'},
    ])
  })

  test('fails a stage at its limit, and names what came instead', () => {
    const stage = new Stage(video).matched()
    stage.event('b', 'peer-left', {peerId: 'sid-a'})
    expect(wakeAt(stage.state)).toBe(500)
    expect(stage.at(499)).toEqual([])
    expect(failureOf(stage.at(500))).toEqual({
      code: 'undelivered',
      stage: 'offer',
      message:
        'client B expected "receive-offer" with $[0].offer.type = "offer", $[0].offer.sdp within 500 ms, got "peer-left" [{"peerId":"sid-a"}]',
    })
  })

  test('tells a deadline from outside what it waits for', () => {
    const stage = new Stage(video).matched()
    expect(overdue(stage.state, 40)).toMatchObject({code: 'undelivered', stage: 'offer'})
    expect(overdue(new Stage(video).state, 40)).toBeUndefined()
  })

  test('that fails while it leaves has delivered its round trips once, and does not leave again', () => {
    const stage = new Stage({...pingDialect, leave: [{expect: {where: {$: 'bye'}}}]}, {count: 1})
    stage.open('a')
    stage.receive('a', {kind: 'pong', value: textOf(stage.sent[0])})
    expect(failureOf(stage.at(500))).toMatchObject({code: 'expectation_unmet', stage: 'leave'})
    expect(eventsOf(stage.outputs, 'signaling_rtt')).toHaveLength(1)
    expect(farewell(stage.state)).toEqual([])
  })

  test('fails at once when a connection ends, but not while it leaves', () => {
    const ended: Input = {kind: 'closed', side: 'b', code: 'reset', message: 'connection reset'}
    expect(failureOf(new Stage(video).matched().feed(ended))).toEqual({
      code: 'reset',
      stage: 'offer',
      message: 'the connection of client B ended: connection reset',
    })
    const leaving = {send: {text: 'bye'}}
    const stage = new Stage({...pingDialect, leave: [leaving, {expect: {where: {$: 'bye'}}}]}, {count: 1})
    stage.open('a')
    stage.receive('a', {kind: 'pong', value: textOf(stage.sent[0])})
    expect(stage.feed({...ended, side: 'a'}).at(-1)).toEqual({kind: 'done'})
  })

  test('leaves politely whatever it was in, and only where it was', () => {
    expect(farewell(new Stage(video).state)).toEqual([])
    expect(farewell(new Stage(video).matched().state)).toMatchObject([
      {side: 'a', message: {event: 'leave'}},
      {side: 'b', message: {event: 'leave'}},
    ])
    const withRoom = {...video, leave: [{send: {event: 'leave', args: ['{room}']}}]}
    const stage = new Stage(withRoom)
    stage.open('a', 'b')
    expect(farewell(stage.state)).toEqual([])
  })
})

describe('a stranger', () => {
  test.each<[string, Json]>([
    ['is a peer with another id', {roomId: 'r', peerId: 'somebody'}],
    ['is who shares no room with the other client', {roomId: 'elsewhere', peerId: 'sid-a'}],
  ])('%s', (_, match) => {
    const stage = new Stage(video)
    stage.open('a', 'b')
    stage.event('a', 'matched', {roomId: 'r', peerId: 'sid-b'})
    expect(failureOf(stage.event('b', 'matched', match))).toMatchObject({code: 'stranger', stage: 'match'})
    expect(stage.sent).not.toContainEqual(expect.objectContaining({event: 'send-offer'}))
    expect(eventsOf(stage.outputs, 'match_latency')).toEqual([])
  })

  test('that cannot be told from ours is the mistake of the dialect, and is not offered to', () => {
    const match = {...(video.match as object), ours: [{value: '{peer}', equals: '{other.name}'}]}
    const leave = [{expect: {event: 'bye', take: {name: '$[0]'}}}]
    const stage = new Stage({...video, match, leave}).matched()
    expect(failureOf(stage.outputs)).toMatchObject({code: 'unsupported', stage: 'match'})
    expect(stage.sent).not.toContainEqual(expect.objectContaining({event: 'send-offer'}))
  })
})

describe('round trips', () => {
  test('go out on an absolute timetable, answered or not', () => {
    const stage = new Stage(video).handedOver()
    expect(stage.sent).toHaveLength(5) // two joins, offer, answer, the first candidate
    expect(wakeAt(stage.state)).toBe(10)
    expect(sentOf(stage.at(9.5))).toHaveLength(0)
    expect(sentOf(stage.at(10.5))).toHaveLength(1)
    expect(wakeAt(stage.state)).toBe(20) // not 20.5
  })

  test('that a stalled prober missed go out at once, and its lateness is told', () => {
    const stage = new Stage(video).handedOver()
    expect(sentOf(stage.at(27))).toHaveLength(2)
    for (const message of stage.sent.slice(-3)) stage.receive('b', relayed(message), 30)
    expect(eventsOf(stage.outputs, 'signaling_rtt')).toEqual([30, 3, 3])
    expect(stage.outputs).toContainEqual({kind: 'fact', name: 'send_lateness_ms', value: 17})
  })

  test('are measured to the time of receipt, in whatever order the answers come; a lost one is bad', () => {
    const stage = new Stage(video).handedOver()
    stage.at(10)
    stage.at(20)
    const [first, , third] = stage.sent.slice(-3)
    stage.receive('b', relayed(third), 20.25)
    stage.receive('b', relayed(first), 21)
    stage.receive('b', relayed(first), 22) // a copy answers nothing
    expect(wakeAt(stage.state)).toBe(110)
    stage.at(110)
    expect(eventsOf(stage.outputs, 'signaling_rtt')).toEqual([21, false, 0.25])
    expect(stage.outputs.at(-1)).toEqual({kind: 'done'})
  })

  test('keep their timetable and count alone, whatever heartbeats go out and are answered beside them', () => {
    const heartbeats = [
      {every: 15, send: {json: {op: 'beat'}}},
      {on: {where: {'$.op': 'ask'}, take: {asked: '$.n'}}, send: {json: {op: 'here', n: '{asked}'}}},
    ]
    const trips = {...jsonDialect, open: [], leave: [], heartbeats}
    const timetable = (dialect: object, asks: boolean) => {
      const stage = new Stage(dialect, {count: 4, intervalMs: 20})
      const sentAt: number[] = []
      const note = (outputs: readonly Output[]) =>
        sentOf(outputs).forEach(({value}) => JSON.stringify(value).includes('"ping"') && sentAt.push(stage.now))
      note(stage.open('a'))
      // As a driver does: it wakes when it was asked to, and for what comes between.
      for (let ask = 7; stage.now < 70; ask += 7) {
        while ((wakeAt(stage.state) ?? Infinity) <= ask) note(stage.at(wakeAt(stage.state) ?? 0))
        stage.now = ask
        if (asks) note(stage.receive('a', {kind: 'json', value: {op: 'ask', n: ask}}))
      }
      stage.at(200)
      return {stage, sentAt}
    }
    const beating = timetable(trips, true)
    expect(beating.sentAt).toEqual([0, 20, 40, 60])
    expect(beating.sentAt).toEqual(timetable({...trips, heartbeats: []}, false).sentAt)
    const said = beating.stage.sent.map(({value}) => JSON.stringify(value))
    expect(said.filter((text) => text.includes('beat')).length).toBeGreaterThan(3)
    expect(said.filter((text) => text.includes('here')).length).toBeGreaterThan(8)
    expect(eventsOf(beating.stage.outputs, 'signaling_rtt')).toHaveLength(4)
    expect(beating.stage.outputs).toContainEqual({kind: 'fact', name: 'send_lateness_ms', value: 0})
  })

  test('that are refused are lost, in the words of the server, whichever client heard them', () => {
    const errors = [{event: 'no', take: {why: '$[0].why'}, text: '{why}'}]
    const refuse = (dialect: object, answered: number) => {
      const stage = new Stage({...video, ...dialect}).handedOver()
      for (const now of [10, 20]) stage.at(now)
      for (const message of stage.sent.slice(-3).slice(0, answered)) stage.receive('b', relayed(message), 25)
      stage.event('a', 'no', {why: 'nobody is in the room'})
      stage.at(120)
      return stage.outputs
    }
    const words = 'client A: the server answered "nobody is in the room"'
    expect(failureOf(refuse({errors}, 0))).toMatchObject({
      code: 'round_trips_lost',
      message: `none of 3 round trips came back: ${words}`,
    })
    expect(refuse({errors}, 2)).toContainEqual({kind: 'fact', name: 'server_said', value: words})
    expect(failureOf(refuse({}, 0))?.message).toMatch(
      /got nothing; client A got "no" \[\{"why":"nobody is in the room"\}\]$/,
    )
  })

  test('that are all lost are a failure', () => {
    const stage = new Stage(video).handedOver()
    for (const now of [10, 20, 120]) stage.at(now)
    expect(eventsOf(stage.outputs, 'signaling_rtt')).toEqual([false, false, false])
    expect(failureOf(stage.outputs)).toMatchObject({code: 'round_trips_lost', stage: 'round_trips'})
  })

  test('by acknowledgement are told apart by its number, and one that says no is none', () => {
    const stage = new Stage(ackDialect, {count: 2, intervalMs: 0})
    stage.open('a')
    const [first, second] = stage.sent
    expect([first, second]).toMatchObject([{ack: 0}, {ack: 1}])
    stage.receive('a', {kind: 'ack', ack: 1, value: second?.value as Json[]}, 5)
    stage.receive('a', {kind: 'ack', ack: 0, value: ['something else']}, 6)
    stage.at(100)
    expect(eventsOf(stage.outputs, 'signaling_rtt')).toEqual([false, 5])
  })

  test('by ping frame are told apart by what they carry', () => {
    const stage = new Stage(pingDialect, {count: 1})
    stage.open('a')
    stage.receive('a', {kind: 'pong', value: 'unasked'}, 3)
    stage.receive('a', {kind: 'pong', value: textOf(stage.sent[0])}, 4)
    expect(eventsOf(stage.outputs, 'signaling_rtt')).toEqual([4])
  })
})

describe('an opening', () => {
  test('has all its time, however long the connection took', () => {
    const stage = new Stage(jsonDialect)
    stage.now = 10_000
    expect(stage.open('a')).toEqual([])
    expect(wakeAt(stage.state)).toBe(10_500)
  })

  test('keeps what it takes, with its type', () => {
    const stage = new Stage(jsonDialect)
    stage.open('a')
    expect(sentOf(stage.receive('a', {kind: 'json', value: {type: 'hello', session: 42}}))).toEqual([
      {kind: 'json', value: {type: 'auth', session: 42, token: 'secret'}},
    ])
  })

  test('fails at once on an acknowledgement that says no', () => {
    const open = [{send: {event: 'auth'}, ack: {where: {'$[0]': null}, take: {user: '$[1]'}}}]
    const stage = new Stage({...ackDialect, open})
    stage.open('a')
    expect(failureOf(stage.receive('a', {kind: 'ack', ack: 0, value: ['bad token']}))).toMatchObject({
      code: 'expectation_unmet',
      stage: 'open',
      message: 'client A expected an acknowledgement of "auth" with $[0] = null, $[1], got ack 0 ["bad token"]',
    })
  })

  test('that asks for a value which nothing has set is the mistake of the dialect', () => {
    const leave = [{expect: {take: {token: '$.token'}}}]
    const stage = new Stage({...pingDialect, open: [{send: {text: '{other.token}'}}], leave})
    expect(failureOf(stage.open('a'))).toMatchObject({
      code: 'unsupported',
      message: 'the dialect uses {other.token}, which nothing has set',
    })
  })
})

describe('a hand-over with peers behind the clients', () => {
  const candidate = {
    send: {event: 'send-candidate', args: ['{candidate}', '{mid}', '{mline}']},
    expect: {
      event: 'receive-candidate',
      take: {remote_candidate: '$[0]', remote_mid: '$[1]', remote_mline: '$[2]'},
    },
  }
  const trickling = {...video, handover: {...(video.handover as object), candidate}}
  const found = {candidate: 'candidate:1', mid: '0', mLine: 0}
  const media = (outputs: readonly Output[]) =>
    outputs.filter(({kind}) => ['describe', 'accept', 'add_candidate'].includes(kind))

  /** As far as the call. */
  const called = (stage: Stage) => {
    stage.matched()
    stage.feed({kind: 'described', side: 'a', sdp: 'offer of a'})
    stage.event('b', 'receive-offer', {offer: {type: 'offer', sdp: 'offer as relayed'}})
    stage.feed({kind: 'described', side: 'b', sdp: 'answer of b'})
    stage.event('a', 'receive-answer', {answer: {type: 'answer', sdp: 'answer as relayed'}})
    return stage
  }

  test('asks each peer for its description and tells it what came from the other end', () => {
    const stage = called(new Stage(video, {values: {}, purpose: 'call'}))
    expect(media(stage.outputs)).toEqual([
      {kind: 'describe', side: 'a', what: 'offer', trickle: false},
      {kind: 'describe', side: 'b', what: 'answer', remote: 'offer as relayed', trickle: false},
      {kind: 'accept', side: 'a', remote: 'answer as relayed'},
    ])
    expect(stage.sent).toMatchObject([
      {event: 'join-queue'},
      {event: 'join-queue'},
      {event: 'send-offer', value: [{offer: {sdp: 'offer of a'}}]},
      {event: 'send-answer', value: [{answer: {sdp: 'answer of b'}}]},
    ])
    expect(stage.outputs.at(-1)).toEqual({kind: 'stage', stage: 'call'})
    expect(wakeAt(stage.state)).toBeUndefined()
    expect(stage.feed({kind: 'hang_up'}).at(-1)).toEqual({kind: 'done'})
    expect(stage.sent.slice(-2)).toMatchObject([{event: 'leave'}, {event: 'leave'}])
  })

  test('does not count as the server the time in which our own peer made its answer', () => {
    const stage = new Stage(video, {values: {}}).matched()
    stage.feed({kind: 'described', side: 'a', sdp: 'offer'})
    stage.now = 10
    stage.receive('b', {kind: 'event', event: 'receive-offer', value: [{offer: {type: 'offer', sdp: 'offer'}}]})
    stage.now = 50
    stage.feed({kind: 'described', side: 'b', sdp: 'answer'})
    stage.now = 57
    stage.event('a', 'receive-answer', {answer: {type: 'answer', sdp: 'answer'}})
    expect(eventsOf(stage.outputs, 'offer_answer')).toEqual([17])
  })

  test('sends candidates as they are found, and none before its own description', () => {
    const stage = new Stage(trickling, {values: {}, purpose: 'call'}).matched()
    expect(sentOf(stage.feed({kind: 'candidate', side: 'b', candidate: found}))).toEqual([])
    const offered = stage.feed({kind: 'candidate', side: 'a', candidate: found})
    expect(sentOf(offered)).toEqual([])
    expect(sentOf(stage.feed({kind: 'described', side: 'a', sdp: 'offer'}))).toMatchObject([
      {event: 'send-offer'},
      {event: 'send-candidate', value: ['candidate:1', '0', 0]},
    ])
    stage.event('b', 'receive-offer', {offer: {type: 'offer', sdp: 'offer'}})
    expect(sentOf(stage.feed({kind: 'described', side: 'b', sdp: 'answer'}))).toMatchObject([
      {event: 'send-answer'},
      {event: 'send-candidate'},
    ])
    stage.event('a', 'receive-answer', {answer: {type: 'answer', sdp: 'answer'}})
    expect(sentOf(stage.feed({kind: 'candidate', side: 'a', candidate: found}))).toHaveLength(1)
    expect(sentOf(stage.feed({kind: 'candidate', side: 'a', candidate: null}))).toEqual([])
  })

  test('gives candidates to the peers from the offer to the end of the call', () => {
    const stage = new Stage(trickling, {values: {}, purpose: 'call'}).matched()
    const added = {kind: 'add_candidate', candidate: found}
    expect(stage.event('b', 'receive-candidate', 'candidate:1', '0', 0)).toEqual([{...added, side: 'b'}])
    called(stage)
    expect(stage.event('a', 'receive-candidate', 'candidate:1', '0', 0)).toEqual([{...added, side: 'a'}])
  })

  test('has one candidate each way where it leads to round trips', () => {
    const stage = called(new Stage(trickling, {values: {}}))
    expect(wakeAt(stage.state)).toBe(500)
    const asked = stage.feed({kind: 'candidate', side: 'a', candidate: found})
    expect(sentOf(asked)).toMatchObject([{event: 'send-candidate'}])
    expect(failureOf(stage.at(500))).toMatchObject({stage: 'candidates', code: 'undelivered'})
  })

  test('a peer of ours that does not answer is no fault of the server', () => {
    const stage = new Stage(video, {values: {}}).matched()
    expect(failureOf(stage.at(500))).toEqual({
      code: 'out_of_time',
      stage: 'offer',
      message: 'the peer of client A, which is ours, had no offer within 500 ms',
    })
  })
})
