import {describe, expect, test} from 'vitest'
import {operationsOf} from '../../src/dialect/plan.ts'
import {dialectSchema} from '../../src/dialect/schema.ts'
import {ackDialect, jsonDialect, pingDialect, videoChatDialect} from '../fixtures/dialects.ts'

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
      'open.0.send: expected `json` or `text`, as the transport is ws',
    ],
    [{...ackDialect, leave: [{send: {text: 'bye'}}]}, 'leave.0.send: expected `event`, as the transport is socket.io'],
    [
      {...ackDialect, roundTrip: {kind: 'ping'}},
      'roundTrip.kind: expected "relay", "reply" or "ack": Socket.IO hides the ping frame',
    ],
    [
      {...videoChatDialect(), ids: {interest: {}}},
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
      {...jsonDialect, roundTrip: {...jsonDialect.roundTrip, expect: {matches: {'$.text': '(?=x)'}}}},
      /^roundTrip\.expect\.matches\.\$\.text: expected a pattern in RE2's syntax/,
    ],
  ])('with a mistake is refused with its place: %#', (dialect, message) => {
    expect(mistakes(dialect)).toEqual([typeof message === 'string' ? message : expect.stringMatching(message)])
  })
})
