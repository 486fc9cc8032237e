import {describe, expect, test} from 'vitest'
import {operationsOf} from '../../src/dialect/plan.ts'
import {dialectSchema} from '../../src/dialect/schema.ts'
import {ackDialect, jsonDialect, pingDialect, videoChatDialect} from '../fixtures/dialects.ts'

/** What one end of a hand-over sends, and the other expects. */
const both = {send: {text: 'x'}, expect: {}}
const mistakes = (dialect: unknown) => {
  const {error} = dialectSchema.safeParse(dialect)
  return error?.issues.map(({path, message}) => `${path.join('.')}: ${message}`) ?? []
}

describe('a dialect', () => {
  test.each([
    ['video-chat', videoChatDialect()],
    ['ack', ackDialect],
    ['json', jsonDialect],
    ['ping', pingDialect],
  ])('%s is valid, and stays the same when it is read again or travels as JSON', (_, dialect) => {
    const parsed = dialectSchema.parse(dialect)
    expect(dialectSchema.parse(JSON.parse(JSON.stringify(parsed)))).toEqual(parsed)
  })

  test.each([
    ['video-chat', videoChatDialect(), 2 + 2 + 1 + 1 + 20],
    ['ack', ackDialect, 1 + 20],
  ])('%s has so many signaling operations', (_, dialect, operations) => {
    expect(operationsOf(dialectSchema.parse(dialect), 20)).toBe(operations)
  })

  test.each([
    [
      {...pingDialect, open: [{send: {event: 'hello'}}]},
      'open.0.send: expected `json`, `text` or `xml`, as the transport is ws',
    ],
    [{...ackDialect, leave: [{send: {text: 'bye'}}]}, 'leave.0.send: expected `event`, as the transport is socket.io'],
    [
      {...ackDialect, roundTrip: {kind: 'ping'}},
      'roundTrip.kind: expected "relay", "reply" or "ack": Socket.IO hides the ping frame',
    ],
    [
      {...videoChatDialect(), ids: {interest: {}, nick: {}}},
      'match.isolation: expected the name of an id with `shared: true`, got "interest"',
    ],
    [
      {...ackDialect, open: [{send: {event: 'hello'}, only: 'b'}]},
      'open.0.only: expected "a": one client is enough for these round trips',
    ],
    [
      {...ackDialect, roundTrip: {...ackDialect.roundTrip, ack: {where: {'$.*': 1}}}},
      'roundTrip.ack.where.$.*: Invalid key in record',
    ],
    [{...ackDialect, transport: {kind: 'socket.io', colour: 'red'}}, 'transport: Unrecognized key: "colour"'],
    [{...ackDialect, roundTrip: {kind: 'telepathy'}}, /^roundTrip\.kind: /],
    [
      {...ackDialect, transport: {kind: 'socket.io', path: '/socket.io/?v=2'}},
      'transport.path: expected a path that begins with "/" and has no query: that belongs into `query`',
    ],
    [{...ackDialect, transport: {kind: 'socket.io', headers: {'bad name': 'x'}}}, /^transport\.headers\.bad name: /],
    [
      {...ackDialect, transport: {kind: 'socket.io', headers: {x: 'a\r\nb: c'}}},
      /^transport\.headers\.x: .*line breaks/,
    ],
    [
      {...pingDialect, transport: {kind: 'ws', subprotocols: ['a b']}},
      'transport.subprotocols.0: expected a subprotocol name',
    ],
    [
      {...pingDialect, transport: {kind: 'ws', subprotocols: ['a', 'a']}},
      'transport.subprotocols: expected each subprotocol once',
    ],
    [
      {...jsonDialect, transport: {kind: 'ws', query: {room: '{room}', user: '{user}'}}},
      /^transport\.query: expected in braces the name of one of the `ids`/,
    ],
    [
      {...jsonDialect, roundTrip: {...jsonDialect.roundTrip, expect: {matches: {'$.text': '(?=x)'}}}},
      /^roundTrip\.expect\.matches\.\$\.text: expected a pattern in RE2's syntax/,
    ],
    [{...pingDialect, match: {}}, 'match: expected `join`, `matched`, or with nothing but a room its `isolation`'],
    [
      {...ackDialect, open: [{ping: true}], roundTrip: ackDialect.roundTrip},
      'open.0: expected another step: Socket.IO hides the ping frame',
    ],
    [{...pingDialect, open: [{meet: 'there'}]}, 'open.0: expected both clients to come to "there", or it never ends'],
    [
      {...pingDialect, open: [{send: {text: '{side|rot13}'}}]},
      'open: expected a filter (json, xml, url, base64, text, number, bytes), got "|rot13"',
    ],
    [{...pingDialect, close: {code: 1006}}, 'close.code: expected 1000, or 3000 to 4999 (RFC 6455, 7.4)'],
    [
      {...pingDialect, handover: {offerer: 'server', offer: both, answer: both}},
      'handover.offerer: expected "a" or "b", as the other end is a client',
    ],
    [{...pingDialect, handover: {with: 'server', offer: both, answer: {}}}, 'handover.answer: expected `expect`'],
    [
      {...pingDialect, handover: {with: 'server', offerer: 'server', offer: {}, answer: both}},
      'handover.offer: expected `expect`',
    ],
    [
      {...pingDialect, handover: {with: 'server', offerer: 'b', offer: both, answer: both}},
      'handover.offerer: expected "server", or nothing: each client offers to the server',
    ],
    [
      {...pingDialect, handover: {offer: both, answer: both, candidate: {send: {text: 'c'}}}},
      'handover.candidate: expected `expect`: the other client receives it',
    ],
    [
      {...pingDialect, before: [{request: {path: '/login?x=1'}}]},
      'before.0.request.path: expected a path or a URL, without a query: that belongs into `query`',
    ],
    [
      {
        ...pingDialect,
        transport: {kind: 'ws', query: {token: '{token}'}},
        match: {join: [{meet: 'here'}]},
        before: [{request: {path: '/login'}, expect: {take: {token: '$.body'}}, only: 'a'}],
      },
      /^transport\.query: expected in braces .* a value that `before` takes for every client/,
    ],
  ])('with a mistake is refused with its place: %#', (dialect, message) => {
    expect(mistakes(dialect)).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)])
  })
})
