import {readdirSync, readFileSync} from 'node:fs'
import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import type {Json} from '../../src/core/json.ts'
import {meetConditions} from '../../src/dialect/conditions.ts'
import {decodePacket, encodePacket} from '../../src/dialect/engineio.ts'
import {meet} from '../../src/dialect/expectation.ts'
import {formOf, type TripNames} from '../../src/dialect/frame-form.ts'
import {readFrame, writeFrame} from '../../src/dialect/frames.ts'
import type {Received} from '../../src/dialect/message.ts'
import {answerRules, QuickAnswers} from '../../src/dialect/quick-answers.ts'
import {dialectSchema, type Dialect} from '../../src/dialect/schema.ts'
import {messageOf} from '../../src/dialect/sending.ts'
import {packetOf, receivePacket} from '../../src/dialect/socketio-session.ts'
import {ackDialect, jsonDialect, pingDialect} from '../fixtures/dialects.ts'

type Trip = TripNames & {readonly ack: number}

const session = {namespace: '/', connected: true}
const lookup =
  ({id, n}: TripNames) =>
  (name: string) =>
    ({id, n, room: 'room "7"', token: 'a\\b', side: 'a'})[name] ?? 'x'
const trips: readonly Trip[] = [
  {id: 'k3jx0x', n: 0, ack: 5},
  {id: 'k3jx1x', n: 1, ack: 6},
  {id: 'k3jx12x', n: 12, ack: 17},
]

/** The round trip that a frame answers by the readers of messages, -1 for none. Throws where nobody can read it. */
function read({transport, roundTrip}: Dialect, frame: string, waiting: readonly Trip[]): number {
  const messages: readonly Received[] =
    transport.kind === 'socket.io'
      ? receivePacket(session, decodePacket(frame)).outputs.flatMap((one) =>
          one.kind === 'message' ? [one.message] : [],
        )
      : readFrame(frame, transport.frames)
  return waiting.findIndex((trip) =>
    messages.some((message) => {
      if (roundTrip.kind === 'ack') {
        return (
          message.kind === 'ack' &&
          message.ack === trip.ack &&
          meetConditions(message.value, roundTrip.ack, lookup(trip)) !== null
        )
      }
      return roundTrip.kind !== 'ping' && meet(message, roundTrip.expect, lookup(trip)) !== null
    }),
  )
}

const socketIo = (roundTrip: object) => dialectSchema.parse({transport: {kind: 'socket.io'}, roundTrip})
const plain = (roundTrip: object, frames: object = {}) =>
  dialectSchema.parse({transport: {kind: 'ws', frames}, roundTrip})
const echo = {event: 'echo', args: ['{id}']}
const ping = {json: {type: 'ping', id: '{id}'}}

/** Dialects with what a server answers a round trip, and whether it can be told without reading. */
const cases: Readonly<Record<string, {dialect: Dialect; answer: (trip: Trip) => string; quick: boolean}>> = {
  'an acknowledgement that echoes the id': {
    dialect: socketIo({kind: 'ack', send: echo, ack: {where: {'$[0]': '{id}'}}}),
    answer: ({id, ack}) => `43${ack}["${id}"]`,
    quick: true,
  },
  'an acknowledgement that need hold nothing': {
    dialect: socketIo({kind: 'ack', send: echo}),
    answer: ({n, ack}) => `43${ack}[{"messageId":"${n * 7919}"}]`,
    quick: true,
  },
  'an acknowledgement that must hold something': {
    dialect: socketIo({kind: 'ack', send: echo, ack: {has: ['$[0].ok'], not: {'$[0].ok': false}}}),
    answer: ({ack}) => `43${ack}[{"ok":true}]`,
    quick: true,
  },
  'a reply by its id': {
    dialect: plain({kind: 'reply', send: ping, expect: {where: {'$.type': 'pong', '$.id': '{id}'}}}),
    answer: ({id}) => `{"type":"pong","id":"${id}"}`,
    quick: true,
  },
  'a reply that tells the time': {
    dialect: plain({kind: 'reply', send: ping, expect: {where: {'$.type': 'pong', '$.id': '{id}'}}}),
    answer: ({id, n}) => `{"at":${1_700_000_000 + n},"type":"pong","id":"${id}"}`,
    quick: false,
  },
  'a reply without an id': {
    dialect: plain({kind: 'reply', send: {json: {type: 'ping'}}, expect: {where: {'$.type': 'pong'}}}),
    answer: () => '{"type":"pong"}',
    quick: true,
  },
  'a relayed event': {
    dialect: socketIo({kind: 'relay', send: echo, expect: {event: 'echo', where: {'$[0].id': '{id}'}}}),
    answer: ({id}) => `42["echo",{"id":"${id}","from":"x7"}]`,
    quick: true,
  },
  'a reply by its number, which is part of others': {
    dialect: plain({kind: 'reply', send: {json: {n: '{n}'}}, expect: {where: {'$.n': '{n}', '$.code': 1}}}),
    answer: ({n}) => `{"n":${n},"code":${n === 12 ? 12 : 1}}`,
    quick: false,
  },
  'a pattern, which may like one id and not another': {
    dialect: plain({kind: 'reply', send: ping, expect: {matches: {'$.id': '^k3jx[0-9]x$'}}}),
    answer: ({id}) => `{"id":"${id}"}`,
    quick: false,
  },
  'several messages in a frame': {
    dialect: plain({kind: 'reply', send: ping, expect: {where: {'$.id': '{id}'}}}, {separator: '\n'}),
    answer: ({id}) => `{"id":"other"}\n{"id":"${id}"}\n`,
    quick: false,
  },
}

/** Frames that are nobody's answer, or look like one. */
const strays = ({id, ack}: Trip): string[] => [
  '2',
  '41',
  '42["news",{"of":"others"}]',
  `42["echo",{"id":"somebody else's"}]`,
  `42["echo","${id}"]`,
  `43${ack}[]`,
  `43${ack}["error"]`,
  `43${ack}[{"ok":false}]`,
  `43${ack}0["${id}"]`,
  `430${ack}["${id}"]`,
  `43/admin,${ack}["${id}"]`,
  `43${ack}["${id}"`,
  `{"type":"pong","id":"${id}x"}`,
  `{"type":"error","id":"${id}"}`,
  `{"type":"pong","id":"k3j\\u0078${id.slice(4)}"}`,
  `{"type":"pong", "id":"${id}"}`,
  'pong',
  '',
]

describe.each(Object.entries(cases))('%s', (_, {dialect, answer, quick}) => {
  test('what is told at a glance is what reading says', () => {
    const [first] = trips
    const answers = new QuickAnswers(answerRules(dialect))
    let known = 0
    const look = (frame: string, waiting: readonly Trip[]) => {
      const glance = answers.glance(frame, waiting)
      if (glance === null) return
      known++
      // What nobody could read answers nothing; a glance at the number of an acknowledgement does not read it.
      const found = read(dialect, frame, waiting)
      expect(glance === false ? -1 : waiting.indexOf(glance), frame).toBe(found)
    }
    const unread = first && answers.glance(answer(first), trips)
    expect(unread, 'nothing is known before one was read').toBeNull()
    if (first && read(dialect, answer(first), trips) === 0) answers.learn(answer(first), first)
    for (const trip of trips) {
      for (const waiting of [trips, trips.toReversed(), [trip], trips.filter((one) => one !== trip), []]) {
        look(answer(trip), waiting)
        for (const stray of strays(trip)) if (isReadable(dialect, stray)) look(stray, waiting)
      }
    }
    const last = trips.at(-1)
    expect(last && answers.glance(answer(last), [last])).toEqual(quick ? last : null)
    expect(known).toBeGreaterThanOrEqual(quick ? 1 : 0)
  })
})

function isReadable(dialect: Dialect, frame: string): boolean {
  try {
    read(dialect, frame, [])
    return true
  } catch {
    return false
  }
}

test('a server whose answers are each of another form is read for ever', () => {
  const dialect = cases['a reply that tells the time']?.dialect
  if (!dialect) throw new Error('no case')
  const answers = new QuickAnswers(answerRules(dialect))
  for (let n = 0; n < 20; n++) {
    const trip = {id: `k3jx${n}x`, n}
    const frame = `{"at":${n * n},"type":"pong","id":"${trip.id}"}`
    expect(answers.glance(frame, [trip])).toBeNull()
    answers.learn(frame, trip)
  }
})

describe('a frame with names cut in is the frame of the filled template', () => {
  const folder = new URL('../../dialects/', import.meta.url)
  const ready = readdirSync(folder).map((file): [string, unknown] => {
    const {
      title,
      extends: base,
      ...dialect
    } = parse(readFileSync(new URL(file, folder), 'utf8')) as Record<string, Json>
    return [`${file}${title === undefined && base === undefined ? '' : ''}`, dialect]
  })
  const own: [string, unknown][] = [
    ['ack', ackDialect],
    ['json', jsonDialect],
    ['ping', pingDialect],
    ['base64', {transport: {kind: 'ws'}, roundTrip: {kind: 'reply', send: {text: '{id|base64}'}, expect: {}}}],
    [
      'a length',
      {transport: {kind: 'ws'}, roundTrip: {kind: 'reply', send: {text: '{n|bytes} {id}', with: {}}, expect: {}}},
    ],
    ['bytes', {transport: {kind: 'ws', frames: {binary: true}}, roundTrip: {kind: 'reply', send: ping, expect: {}}}],
  ]
  test.each([...ready, ...own])('%s', (name, written) => {
    const dialect = dialectSchema.parse(written)
    const {roundTrip, transport} = dialect
    if (roundTrip.kind === 'ping') return
    const make = (names: TripNames) => {
      const message = messageOf(roundTrip.send, lookup(names), roundTrip.kind === 'ack' ? names.ack : undefined)
      if (message.kind === 'event' || message.kind === 'ack') return encodePacket(packetOf(session, message))
      return transport.kind === 'ws' && message.kind !== 'ping' ? writeFrame(message, transport.frames) : ''
    }
    const form = formOf(make)
    if (['base64', 'a length', 'bytes'].includes(name)) expect(form).toBeNull()
    else for (const trip of trips) expect(form?.(trip.id, trip.n, trip.ack)).toBe(make(trip))
  })
})
