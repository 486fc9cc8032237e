import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import type {Json} from '../../src/core/json.ts'
import {attach} from '../../src/dialect/attachments.ts'
import {Malformed} from '../../src/dialect/malformed.ts'
import {decodeSocketPacket, encodeSocketPacket, type SocketPacket} from '../../src/dialect/socketio.ts'

const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json)
const namespace = fc.oneof(fc.constant('/'), fc.stringMatching(/^\/[a-z0-9/?=_-]{1,12}$/))
const id = fc.nat()
const packet: fc.Arbitrary<SocketPacket> = fc.oneof(
  fc.record({type: fc.constant('connect' as const), namespace, data: json}),
  fc.record({type: fc.constant('connect' as const), namespace}),
  fc.record({type: fc.constant('disconnect' as const), namespace}),
  fc.record({type: fc.constant('connect_error' as const), namespace, data: json}),
  fc.record({type: fc.constant('event' as const), namespace, event: fc.string(), args: fc.array(json)}),
  fc.record({type: fc.constant('event' as const), namespace, event: fc.string(), args: fc.array(json), id}),
  fc.record({type: fc.constant('ack' as const), namespace, id, args: fc.array(json)}),
)

describe('Socket.IO packets', () => {
  test('survive the wire', () => {
    fc.assert(
      fc.property(packet, (one) => {
        expect(decodeSocketPacket(encodeSocketPacket(one))).toEqual({packet: one, attachments: 0})
      }),
    )
  })

  test.each([
    [{type: 'connect', namespace: '/'}, '0'],
    [{type: 'connect', namespace: '/admin', data: {token: 'x'}}, '0/admin,{"token":"x"}'],
    [{type: 'disconnect', namespace: '/admin'}, '1/admin,'],
    [{type: 'event', namespace: '/', event: 'hello', args: [1], id: 12}, '212["hello",1]'],
    [{type: 'ack', namespace: '/admin', id: 13, args: ['ok']}, '3/admin,13["ok"]'],
    [{type: 'connect_error', namespace: '/', data: {message: 'no'}}, '4{"message":"no"}'],
  ] as const)('%j is %j on the wire', (one, wire) => {
    expect(encodeSocketPacket(one)).toBe(wire)
    expect(decodeSocketPacket(wire).packet).toEqual(one)
  })

  test('with bytes have placeholders, which the following frames fill as base64', () => {
    const decoded = decodeSocketPacket(
      '52-/files,7["file",{"_placeholder":true,"num":1},[{"_placeholder":true,"num":0}]]',
    )
    expect(decoded).toMatchObject({attachments: 2, packet: {type: 'event', namespace: '/files', id: 7, event: 'file'}})
    const attachments = [new Uint8Array([1]), new Uint8Array([2, 3])]
    expect(attach(decoded.packet, attachments)).toMatchObject({args: ['AgM=', ['AQ==']]})
    expect(() => attach(decoded.packet, attachments.slice(1))).toThrow(/the number of one of 1 attachments/)
  })

  test.each([
    '',
    '7',
    '2',
    '2{}',
    '2[]',
    '2[{}]',
    '3["no id"]',
    '3',
    '5["no count"]',
    '2["cut',
    '4{',
    '0{"a":',
    'hello',
  ])('%j is malformed', (text) => expect(() => decodeSocketPacket(text)).toThrow(Malformed))

  test('of any garbage are decoded or malformed, at once', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.nat(9).chain((digit) => fc.string().map((rest) => `${digit}${rest}`)),
        ),
        (text) => {
          try {
            decodeSocketPacket(text)
          } catch (error) {
            expect(error).toBeInstanceOf(Malformed)
          }
        },
      ),
    )
  })
})
