import {randomBytes} from 'node:crypto'
import fc from 'fast-check'
import {describe, expect, test} from 'vitest'
import {classes, makeIntegrityKey, Message, methods, parseMessage} from '../../src/demo/turn/codec.ts'
import {attribute, readXorAddress, xorAddress} from '../../src/probes/stun/attributes.ts'
import {decodeMessage, encodeRequest, encodeSend} from '../../src/probes/stun/message.ts'
import {decode, isSignedWith, longTermKey} from '../../src/probes/stun/wire.ts'

describe('the test vectors of RFC 5769', () => {
  const password = Buffer.from('VOkJxbRl1RmTxUk/WvJxBt')
  const id = 'b7e7a701bc34d686fa87dfae'
  const request = hex`
    00010058 2112a442 b7e7a701 bc34d686 fa87dfae 80220010 5354554e 20746573 7420636c 69656e74 00240004 6e0001ff
    80290008 932ff9b1 51263b36 00060009 6576746a 3a683676 59202020 00080014 9aeaa70c bfd8cb56 781ef2b5 b2d3f249
    c1b571a2 80280004 e57a3bcf`
  const overIpv4 = hex`
    0101003c 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200008 0001a147 e112a643
    00080014 2b91f599 fd9e90c3 8c7489f9 2af9ba53 f06be7d7 80280004 c07d4c96`
  const overIpv6 = hex`
    01010048 2112a442 b7e7a701 bc34d686 fa87dfae 8022000b 74657374 20766563 746f7220 00200014 0002a147 0113a9fa
    a5d3f179 bc25f4b5 bed2b9d9 00080014 a382954e 4be67bf1 1784c97c 8292c275 bfe3ed41 80280004 c8fb0b4c`

  test('a request', () => {
    expect(decodeMessage(request)).toMatchObject({class: 'request', id, signed: true, software: 'STUN test client'})
    expect(decode(request)?.values.get(attribute.username)?.toString()).toBe('evtj:h6vY')
    expect(isSignedWith(request, password)).toBe(true)
    expect(isSignedWith(request, Buffer.from('another'))).toBe(false)
  })

  test('a response with an IPv4 address', () => {
    const mapped = {address: '192.0.2.1', port: 32853}
    expect(decodeMessage(overIpv4)).toMatchObject({class: 'success', id, software: 'test vector', mapped})
    expect(isSignedWith(overIpv4, password)).toBe(true)
  })

  test('a response with an IPv6 address', () => {
    const mapped = {address: '2001:db8:1234:5678:11:2233:4455:6677', port: 32853}
    expect(decodeMessage(overIpv6)).toMatchObject({class: 'success', id, mapped})
    expect(isSignedWith(overIpv6, password)).toBe(true)
  })

  test('one bit turned, and it is signed no more', () => {
    for (let bit = 0; bit < 8 * (overIpv4.length - 8); bit++) {
      const bytes = Buffer.from(overIpv4)
      bytes.writeUInt8(bytes.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
      expect(isSignedWith(bytes, password), `bit ${bit}`).toBe(false)
    }
  })
})

describe('what another codec says', () => {
  const key = longTermKey('älice', 'example.org', 'pässword')
  const ip = fc.oneof(fc.ipV4(), fc.ipV6())
  const port = fc.integer({min: 0, max: 65_535})

  test('of our requests is what was put in', () => {
    expect(key).toEqual(makeIntegrityKey('älice', 'example.org', 'pässword'))
    const nonce = Buffer.from('a nonce')
    const {bytes, id} = encodeRequest(
      'Allocate',
      {requestedTransport: 'udp', requestedFamily: 6, lifetimeS: 600},
      {username: 'älice', realm: 'example.org', nonce, key},
    )
    const parsed = parseMessage(bytes, key)
    expect(parsed).toMatchObject({messageMethod: methods.ALLOCATE, messageClass: classes.REQUEST, transactionIdHex: id})
    expect(parsed?.getAttributes()).toEqual([
      ['REQUESTED-TRANSPORT', 17 << 24],
      ['REQUESTED-ADDRESS-FAMILY', 2 << 24],
      ['LIFETIME', 600],
      ['USERNAME', 'älice'],
      ['REALM', 'example.org'],
      ['NONCE', nonce],
      ['MESSAGE-INTEGRITY', expect.any(Buffer)],
    ])
    const bind = parseMessage(encodeRequest('ChannelBind', {channel: 0x4001}).bytes)
    expect(bind?.getAttributes()).toEqual([['CHANNEL-NUMBER', 0x4001]])
    const move = parseMessage(encodeRequest('Binding', {change: {address: true, port: true}}).bytes)
    expect(move?.getAttributes()).toEqual([['CHANGE-REQUEST', 6]])
  })

  test('of our addresses and data, whatever they are', () => {
    fc.assert(
      fc.property(ip, port, fc.uint8Array({maxLength: 200}), (address, ofPort, data) => {
        const parsed = parseMessage(encodeSend({address, port: ofPort}, Buffer.from(data)))
        const [name, at] = parsed?.getAttributeValue('XOR-PEER-ADDRESS') as unknown as [string, number]
        expect({port: at, bytes: xorAddress({address: name, port: at}, id)}).toEqual({
          port: ofPort,
          bytes: xorAddress({address, port: ofPort}, id),
        })
        expect(parsed?.getAttributeValue('DATA')).toEqual(Buffer.from(data))
      }),
    )
  })

  test('in an answer is what we read', () => {
    fc.assert(
      fc.property(fc.ipV4(), port, fc.string({maxLength: 20}), (address, ofPort, realm) => {
        const answer = new Message(methods.ALLOCATE, classes.ERROR, id)
          .setAttribute('ERROR-CODE', [438, 'Stale Nonce'])
          .setAttribute('NONCE', Buffer.from('next'))
          .setAttribute('REALM', realm)
          .setAttribute('XOR-RELAYED-ADDRESS', [address, ofPort])
          .setAttribute('ALTERNATE-SERVER', [address, ofPort])
          .addMessageIntegrity(key)
          .addFingerprint()
        expect(decodeMessage(answer.bytes)).toMatchObject({
          class: 'error',
          error: {code: 438, reason: 'Stale Nonce'},
          nonce: Buffer.from('next'),
          realm: Buffer.from(realm).toString(),
          relayed: {address, port: ofPort},
          alternateServer: {address, port: ofPort},
        })
        expect(isSignedWith(answer.bytes, key)).toBe(true)
      }),
    )
  })

  const id = randomBytes(12)
})

describe('what is no message', () => {
  test('is never more than that', () => {
    const valid = encodeSend({address: '192.0.2.1', port: 1}, Buffer.from('data'))
    fc.assert(
      fc.property(fc.uint8Array({maxLength: 80}), fc.nat(valid.length), (noise, at) => {
        decodeMessage(Buffer.from(noise))
        const message = Buffer.concat([valid.subarray(0, at), noise])
        if (message.length >= 4) message.writeUInt16BE(Math.max(0, message.length - 20) & 0xfffc, 2)
        decodeMessage(message)
      }),
    )
  })

  test('a value that is shorter than its kind', () => {
    const id = Buffer.alloc(12)
    for (const [type, value] of [
      [attribute.lifetime, [0, 0]],
      [attribute.errorCode, [0, 0, 4]],
      [attribute.xorMappedAddress, [0, 1, 0, 0, 1, 2, 3]],
    ] as const) {
      const bytes = Buffer.from([1, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42, ...id, 0, type, 0, value.length, ...value])
      const whole = Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)])
      whole.writeUInt16BE(whole.length - 20, 2)
      expect(decode(whole)).toBeDefined()
      expect(decodeMessage(whole)).toBeUndefined()
    }
    expect(() => readXorAddress(Buffer.alloc(3), id)).toThrow(RangeError)
  })
})

test('of a repeated attribute the first counts, and of what is not signed nothing', () => {
  const answer = new Message(methods.BINDING, classes.RESPONSE)
    .setAttribute('LIFETIME', 1)
    .addMessageIntegrity(Buffer.from('key'))
  answer.appendRawAttribute(attribute.lifetime, Buffer.from([0, 0, 0, 2]))
  answer.appendRawAttribute(attribute.realm, Buffer.from('late'))
  expect(decodeMessage(answer.bytes)).toMatchObject({lifetimeS: 1, realm: undefined, signed: true})
})

function hex(text: TemplateStringsArray): Buffer {
  return Buffer.from(text.join('').replaceAll(/\s/g, ''), 'hex')
}
