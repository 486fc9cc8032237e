import {expect, test} from 'vitest'
import {lintDialect} from '../../src/dialect/lint.ts'
import {dialectSchema} from '../../src/dialect/schema.ts'
import {ackDialect, jsonDialect, pingDialect, videoChatDialect} from '../fixtures/dialects.ts'

const lint = (dialect: unknown) =>
  lintDialect(dialectSchema.parse(dialect)).map(({path, message}) => `${path.join('.')}: ${message}`)
const video = videoChatDialect() as {match: object; ids: object; handover: object; roundTrip: object}

test.each([
  ['video-chat', video],
  ['ack', ackDialect],
  ['json', jsonDialect],
  ['ping', pingDialect],
])('%s is sound', (_, dialect) => {
  expect(lint(dialect)).toEqual([])
})

test.each([
  [
    'a value that nothing sets',
    {...jsonDialect, open: [{send: {json: {token: '{token}'}}}]},
    ['open.0.send: expected a value that is set by then (room), got {token}, which nothing sets'],
  ],
  [
    'a value that is used before it is taken',
    {
      ...jsonDialect,
      open: [{send: {json: {hello: '{session}'}}}, {expect: {take: {session: '$.session'}}}],
    },
    ['open.0.send: expected a value that is set by then, got {session}, which open[1].expect sets later'],
  ],
  [
    'a value of the other client that it may not have yet',
    {
      ...video,
      match: {
        ...video.match,
        join: [{send: {event: 'join', args: ['{interest}']}}, {expect: {event: 'hi', where: {'$[0]': '{other.room}'}}}],
      },
    },
    [
      'match.join.1.expect: expected a value that is set by then, got {other.room}, which match.matched sets at the same time or later',
    ],
  ],
  [
    'the other client where there is one only',
    {...jsonDialect, leave: [{send: {json: '{other.session}'}}]},
    ['leave.0.send: expected a value of the one client there is, got {other.session}'],
  ],
  [
    'a value that only the other client takes',
    {
      ...video,
      open: [{only: 'b', expect: {event: 'hi', take: {key: '$[0]'}}}],
      handover: {...video.handover, offer: {send: {event: 'o', args: ['{key}', '{other.key}']}, expect: {event: 'o'}}},
    },
    [
      'handover.offer.send: expected a value that is set by then (interest, nick, sid, room, peer, sdp), got {key}, which nothing sets',
    ],
  ],
  [
    'a check of strangers by what nobody knows',
    {...video, match: {...video.match, ours: [{value: '{peerId}', equals: '{other.sid}'}]}},
    [
      'match.ours.0: expected a value that is set by then (interest, nick, sid, room, peer), got {peerId}, which nothing sets',
    ],
  ],
  [
    'a round trip whose answer must repeat what was not said',
    {...ackDialect, roundTrip: {...ackDialect.roundTrip, send: {event: 'echo', args: ['{n}']}}},
    ['roundTrip.ack: expected what the message holds to come back, got {id}, which `send` does not say'],
  ],
  [
    'an id that a round trip hides',
    {...ackDialect, ids: {id: {}}},
    ['ids.id: expected another name, got "id", which in a round trip is the round trip\'s own'],
  ],
  [
    'a member of a list of arguments',
    {...ackDialect, open: [{expect: {event: 'hi', where: {'$.type': 1}, matches: {"$['x']": 'y'}, take: {a: '$.b'}}}]},
    [
      'open.0.expect: expected a path into the list of arguments of an event, such as $[0].type, got $.type',
      "open.0.expect: expected a path into the list of arguments of an event, such as $[0]['x'], got $['x']",
      'open.0.expect: expected a path into the list of arguments of an event, such as $[0].b, got $.b',
    ],
  ],
  [
    'the same of an acknowledgement',
    {...ackDialect, roundTrip: {...ackDialect.roundTrip, ack: {where: {'$.id': '{id}'}}}},
    ['roundTrip.ack: expected a path into the list of arguments of an acknowledgement, such as $[0].id, got $.id'],
  ],
  [
    "an event of the protocol's own",
    {...ackDialect, open: [{expect: {event: 'connect'}}]},
    ['open.0.expect: expected an event of the server\'s own, got "connect", which Socket.IO never delivers'],
  ],
  [
    'an event on a plain WebSocket',
    {...pingDialect, open: [{expect: {event: 'hello'}}]},
    ['open.0.expect: expected no `event`: messages of a plain WebSocket have no name, and `where` tells them apart'],
  ],
  [
    'an acknowledgement on a plain WebSocket',
    {...pingDialect, open: [{send: {text: 'hello'}, ack: {}}]},
    ['open.0.ack: expected an `expect` in a step of its own: nobody acknowledges messages of a plain WebSocket'],
  ],
  [
    'conditions that never hold together',
    {
      ...pingDialect,
      open: [
        {
          expect: {
            where: {'$.a': 'x', '$.a.b': 1, '$.n': 5, '$.ok': 'yes'},
            matches: {'$.a': '^y', '$.n': '5', '$.ok': 'y'},
          },
        },
      ],
    },
    [
      'open.0.expect: expected conditions that can hold together, got $.a = "x" and /^y/',
      'open.0.expect: expected conditions that can hold together, got $.n = 5 and /5/',
      'open.0.expect: expected conditions that can hold together, got $.a.b inside $.a, which is "x"',
    ],
  ],
  [
    'an isolation that nothing says',
    {...video, match: {...video.match, join: [{send: {event: 'join'}}]}},
    ['match.isolation: expected a message or the transport to hold {interest}, got none: it would keep nobody away'],
  ],
])('%s is found, once', (_, dialect, expected) => {
  expect(lint(dialect)).toEqual(expected)
})

test.each([
  [
    'a heartbeat at a pace that nobody tells',
    {...jsonDialect, heartbeats: [{every: '{pace}', send: {text: 'beat'}}]},
    ['heartbeats.0: expected a value that is set by then (room, session), got {pace}, which nothing sets'],
  ],
  [
    'the words of a complaint that it does not hold',
    {...jsonDialect, errors: [{where: {'$.type': 'error'}, text: '{why}'}]},
    ['errors.0: expected a value that is set by then (room, session), got {why}, which nothing sets'],
  ],
  [
    'a request with what only a later one takes',
    {
      ...pingDialect,
      before: [{request: {path: '/{token}'}}, {request: {path: '/login'}, expect: {take: {token: '$.body'}}}],
    },
    ['before.0.request: expected a value that is set by then, got {token}, which before[1].expect sets later'],
  ],
])('%s is found, too', (_, dialect, expected) => {
  expect(lint(dialect)).toEqual(expected)
})

test('what was asked for, matched by a group, found in a list or set is known afterwards', () => {
  const open = [
    {expect: {matches: {$: '(?P<session>.+)'}, among: {path: '$.users', take: {peer: '$.id'}}}},
    {set: {mine: '{session}-{peer}-{token}'}},
    {send: {text: '{mine} {body|bytes} {body}', with: {body: '{key}'}}},
  ]
  const before = [{request: {path: '/login'}, expect: {take: {token: '$.body.token'}}}]
  const errors = [{matches: {$: 'ERR (?P<why>.*)'}, text: '{why} {mine}'}]
  expect(lint({...pingDialect, values: {key: 'k'}, before, open, errors})).toEqual([])
})

test("the other client's values are known where the two have met", () => {
  const join = [
    {send: {text: 'join'}},
    {expect: {take: {address: '$.address'}}},
    {meet: 'joined'},
    {send: {text: '{other.address}'}},
  ]
  const relay = {kind: 'relay', send: {text: '{id}'}, expect: {where: {$: '{id}'}}}
  expect(lint({...pingDialect, match: {join}, roundTrip: relay})).toEqual([])
})

test('a pattern may hold braces of its own, and a text with a placeholder may become anything', () => {
  const expectation = {where: {'$.a': '{room}'}, matches: {'$.a': '^x', '$.b': '\\p{Greek}{2}'}}
  expect(lint({...jsonDialect, open: [{expect: expectation}, ...jsonDialect.open]})).toEqual([])
})
