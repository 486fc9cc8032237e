import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import {decodeChannelData, encodeChannelData} from '../../src/probes/stun/channel-data.ts'
import {Framing, padForStream} from '../../src/probes/stun/framing.ts'
import {decodeMessage, encodeRequest} from '../../src/probes/stun/message.ts'

describe('messages on a byte stream (RFC 8489 section 6.2.2, RFC 8656 section 12.5)', () => {
  const first = encodeRequest('Binding').bytes

  test('come out whole, however the stream is cut', () => {
    const message = fc.oneof(
      fc.constant(encodeRequest('Allocate', {requestedTransport: 'udp'}).bytes),
      fc.uint8Array({maxLength: 300}).map((data) => encodeChannelData(0x4001, Buffer.from(data))),
    )
    fc.assert(
      fc.property(fc.array(message, {maxLength: 8}), fc.array(fc.integer({min: 1, max: 50})), (messages, cuts) => {
        const stream = Buffer.concat([first, ...messages.map(padForStream)])
        const framing = new Framing()
        const out: Buffer[] = []
        let at = 0
        for (const cut of [...cuts, stream.length]) {
          out.push(...framing.push(stream.subarray(at, at + cut)))
          at = Math.min(stream.length, at + cut)
        }
        expect(out.map(hex)).toEqual([first, ...messages].map(hex))
      }),
    )
  })

  test.each([
    ['HTTP/1.1 400 Bad Request\r\n', 'not_stun'],
    ['H', 'not_stun'],
    ['\x15\x03\x03\x00\x02\x02\x46', 'not_stun'],
    ['\x00\x01\x00\x00\x21\x12\xa4\x43', 'not_stun'],
  ])('%j is none, and needs no more bytes to be known', (text, code) => {
    expect(failureOf(() => new Framing().push(Buffer.from(text, 'latin1')))).toMatchObject({code})
  })

  test('garbage between messages is found too', () => {
    const framing = new Framing()
    expect(framing.push(first)).toHaveLength(1)
    expect(failureOf(() => framing.push(Buffer.from('\xff\xff\xff\xff', 'latin1')))).toMatchObject({code: 'not_stun'})
  })

  test('no bytes at all crash the reader', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        const buffer = Buffer.from(bytes)
        decodeMessage(buffer)
        decodeMessage(Buffer.concat([Buffer.from('0101000421 12a442'.replace(' ', ''), 'hex'), buffer]))
        decodeChannelData(buffer)
        try {
          new Framing().push(buffer)
        } catch (error) {
          expect(error).toBeInstanceOf(ProbeFailure)
        }
      }),
    )
  })
})

function hex(bytes: Buffer): string {
  return bytes.toString('hex')
}

function failureOf(act: () => unknown): unknown {
  try {
    act()
  } catch (error) {
    return error
  }
  return undefined
}
