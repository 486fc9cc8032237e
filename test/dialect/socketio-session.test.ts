import {describe, expect, test} from 'vitest'
import type {EnginePacket} from '../../src/dialect/engineio.ts'
import {
  connectSession,
  packetOf,
  receivePacket,
  type SessionOutput,
  type SocketSession,
} from '../../src/dialect/socketio-session.ts'

const message = (data: string | Uint8Array): EnginePacket => ({type: 'message', data})

/** What a session says to packets, one after the other. */
function replay(session: SocketSession, packets: readonly EnginePacket[]): SessionOutput[] {
  let current = session
  return packets.flatMap((packet) => {
    const step = receivePacket(current, packet)
    current = step.session
    return step.outputs
  })
}
const {session} = connectSession('/')
const connected = replayTo(session, message('0{"sid":"abc"}'))
function replayTo(from: SocketSession, packet: EnginePacket): SocketSession {
  return receivePacket(from, packet).session
}

describe('a session of a namespace', () => {
  test('asks for it, with its auth payload', () => {
    expect(connectSession('/admin', {token: 'x'}).outputs).toEqual([
      {kind: 'send', packet: message('0/admin,{"token":"x"}')},
    ])
  })

  test('is connected by its own namespace only', () => {
    const admin = connectSession('/admin').session
    expect(replay(admin, [message('0{"sid":"other"}'), message('0/admin,{"sid":"mine"}')])).toEqual([
      {kind: 'connected', sid: 'mine'},
    ])
  })

  test('answers heartbeats with what they carry, and is silent to the rest', () => {
    expect(replay(connected, [{type: 'ping', data: ''}])).toEqual([{kind: 'send', packet: {type: 'pong', data: ''}}])
    expect(
      replay(connected, [
        {type: 'noop', data: ''},
        {type: 'upgrade', data: ''},
      ]),
    ).toEqual([])
  })

  test('hands on events and acknowledgements, not those of other namespaces', () => {
    expect(replay(connected, [message('2["hi",1]'), message('2/other,["hi"]'), message('37[true]')])).toEqual([
      {kind: 'message', message: {kind: 'event', event: 'hi', value: [1]}},
      {kind: 'message', message: {kind: 'ack', ack: 7, value: [true]}},
    ])
  })

  test('collects the bytes of an event before it hands it on', () => {
    const packets = [message('51-["file",{"_placeholder":true,"num":0}]'), message(new Uint8Array([255]))]
    expect(replay(connected, packets)).toEqual([
      {kind: 'message', message: {kind: 'event', event: 'file', value: ['/w==']}},
    ])
    expect(() => replay(connected, [message(new Uint8Array(3))])).toThrow(
      /announces its binary attachments, got "3 bytes"/,
    )
  })

  test('numbers what it wants acknowledged', () => {
    expect(packetOf(connected, {kind: 'event', event: 'hi', value: [1], ack: 3})).toEqual(message('23["hi",1]'))
  })

  test.each([
    ['4{"message":"Invalid namespace"}', 'namespace_invalid', /no namespace \//],
    ['4{"message":"no","data":{"code":7}}', 'connect_error', /refused the namespace \/: no \(data: \{"code":7\}\)/],
    ['4"old style"', 'connect_error', /old style/],
    ['0', 'engineio_version', /expected a Socket\.IO id/],
    ['1', 'closed', /disconnected the namespace/],
  ])('%s ends it as %s', (text, code, words) => {
    expect(replay(session, [message(text)])).toMatchObject([{kind: 'ended', code}])
    expect(replay(session, [message(text)])[0]).toHaveProperty('message', expect.stringMatching(words))
  })
})
