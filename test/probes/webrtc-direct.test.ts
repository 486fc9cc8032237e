import {describe, expect, test} from 'vitest'
import {checkConnectivity, closeEnds, shakeHands} from '../../src/probes/webrtc/ends.ts'
import {withoutLeftoverTimers} from '../../src/probes/webrtc/engine-timers.ts'
import {Peer} from '../../src/probes/webrtc/peer.ts'
import {closing} from '../fixtures/closing.ts'
import {udpProxy, type Fate} from '../fixtures/proxy.ts'
import {quietTrace} from '../fixtures/trace.ts'

const HANDSHAKE = 22
const WHOLE = {trickle: false} as const
const LIMITS = {iceTimeoutMs: 8000, handshakeTimeoutMs: 8000}

describe('two peers on a direct path', () => {
  test('send each flight of their handshake in one datagram', async () => {
    const flights: string[] = []
    await connectOver((datagram) => {
      if (datagram[0] === HANDSHAKE) flights.push(handshakeTypes(datagram).join(' '))
      return [0]
    })
    // of RFC 6347, figure 1: ClientHello; HelloVerifyRequest; ClientHello; ServerHello to ServerHelloDone; Certificate to Finished
    expect([...new Set(flights)]).toEqual(['1', '3', '2 11 12 13 14', '11 16 15 encrypted'])
  })

  test.each<[string, Fate]>([
    ['overtake each other', () => [5 * Math.random()]],
    ['are doubled', () => [0, 3]],
    ['are lost, one of ten', () => (Math.random() < 0.1 ? [] : [0])],
  ])('connect where packets %s', async (_, fate) => {
    for (let n = 0; n < 5; n++) await connectOver(fate)
  })
})

/** Connects two peers by host candidates alone, each of which is met through a proxy. */
function connectOver(fate: Fate): Promise<void> {
  return withoutLeftoverTimers(async () => {
    const settings = {sources: {host: {loopback: ['127.0.0.1']}}, now: () => performance.now()}
    const ends = {near: new Peer(settings), far: new Peer(settings)}
    const trace = quietTrace(AbortSignal.timeout(20_000))
    try {
      const offer = await behindProxies(await ends.near.offer(WHOLE), fate)
      const answer = await behindProxies(await ends.far.answer(offer, WHOLE), fate)
      await checkConnectivity(ends, {...LIMITS, begun: () => ends.near.accept(answer)}, trace)
      const channels = await shakeHands(ends, LIMITS, trace)
      expect([channels.near.readyState, channels.far.readyState]).toEqual(['open', 'open'])
    } finally {
      await closeEnds(ends)
    }
  })
}

/** A description whose candidates on the loopback lead through proxies; those of other addresses are left out. */
async function behindProxies(sdp: string, fate: Fate): Promise<string> {
  const lines = await Promise.all(
    sdp.split('\r\n').map(async (line) => {
      const [, before, port, after] = /^(a=candidate:.* 127\.0\.0\.1 )(\d+)( typ host.*)$/.exec(line) ?? []
      if (port === undefined) return line.startsWith('a=candidate:') ? [] : [line]
      const proxy = closing(await udpProxy({to: {ip: '127.0.0.1', port: Number(port)}, fate}))
      return [`${before}${proxy.port}${after}`]
    }),
  )
  return lines.flat().join('\r\n')
}

/** HandshakeType of each record of a datagram (RFC 5246, section 7.4). */
function handshakeTypes(datagram: Buffer): (number | string)[] {
  const types: (number | string)[] = []
  for (let at = 0; at < datagram.length; at += 13 + datagram.readUInt16BE(at + 11)) {
    if (datagram[at] !== HANDSHAKE) continue // change_cipher_spec
    types.push(datagram.readUInt16BE(at + 3) > 0 ? 'encrypted' : (datagram[at + 13] ?? 'none'))
  }
  return types
}
