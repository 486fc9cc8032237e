import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {decodeBase64, encodeBase64} from '../../src/dialect/base64.ts'
import {
  decodePacket,
  decodePayload,
  encodePacket,
  encodePayload,
  type EnginePacket,
} from '../../src/dialect/engineio.ts'
import {readHandshake} from '../../src/dialect/handshake.ts'
import {Malformed} from '../../src/dialect/malformed.ts'

const text = fc.string({unit: 'grapheme'}).map((data) => data.replaceAll('\x1e', ''))
const bytes = fc.uint8Array({maxLength: 40})
const packet: fc.Arbitrary<EnginePacket> = fc.oneof(
  fc.record({type: fc.constantFrom('open', 'close', 'ping', 'pong', 'upgrade', 'noop'), data: text}),
  fc.record({type: fc.constant('message'), data: fc.oneof(text, bytes)}),
)

describe('Engine.IO packets', () => {
  test('survive a WebSocket frame', () => {
    fc.assert(
      fc.property(packet, (one) => {
        expect(decodePacket(encodePacket(one))).toEqual(one)
      }),
    )
  })

  test('survive a polling payload, bytes included', () => {
    fc.assert(
      fc.property(fc.array(packet, {minLength: 1, maxLength: 5}), (some) => {
        expect(decodePayload(encodePayload(some))).toEqual(some)
      }),
    )
  })

  test.each([
    [{type: 'ping', data: 'probe'}, '2probe'],
    [{type: 'pong', data: 'probe'}, '3probe'],
    [{type: 'upgrade', data: ''}, '5'],
    [{type: 'noop', data: ''}, '6'],
    [{type: 'message', data: '40'}, '440'],
  ] as const)('%j is %j on the wire', (one, wire) => expect(encodePacket(one)).toBe(wire))

  test('of bytes are base64 after "b" in a payload', () => {
    expect(encodePayload([{type: 'message', data: new Uint8Array([1, 2, 3, 4])}])).toBe('bAQIDBA==')
  })

  test.each(['', '7', 'x', ' 4', '-1', '\u0664'])('%j is malformed', (frame) => {
    expect(() => decodePacket(frame)).toThrow(Malformed)
  })

  test('that are malformed are shown, cut short', () => {
    expect(() => decodePacket(`hello ${'x'.repeat(200)}`)).toThrow(
      /^expected an Engine\.IO packet .*, got "hello x{74}…"$/,
    )
    expect(() => decodePayload('b!!')).toThrow('expected base64 after "b" in an Engine.IO payload, got "b!!"')
  })

  test('of any garbage are decoded or malformed, never anything else', () => {
    fc.assert(
      fc.property(fc.string(), (body) => {
        try {
          decodePayload(body)
        } catch (error) {
          expect(error).toBeInstanceOf(Malformed)
        }
      }),
    )
  })
})

test('base64 is what Node makes of it', () => {
  fc.assert(
    fc.property(bytes, (some) => {
      expect(encodeBase64(some)).toBe(Buffer.from(some).toString('base64'))
      expect(decodeBase64(encodeBase64(some))).toEqual(some)
    }),
  )
})

describe('the handshake', () => {
  test('tells id, upgrades and times', () => {
    const data = '{"sid":"x","upgrades":["websocket",7],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}'
    expect(readHandshake(data)).toEqual({
      sid: 'x',
      upgrades: ['websocket'],
      pingIntervalMs: 25_000,
      pingTimeoutMs: 20_000,
      maxPayload: 1_000_000,
    })
  })

  test.each(['', 'null', '[]', '{"sid":7}', '{"sid":"x","pingInterval":"soon","pingTimeout":1}', '<html>'])(
    '%j is none',
    (data) => expect(() => readHandshake(data)).toThrow(Malformed),
  )
})
