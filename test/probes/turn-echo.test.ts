import {afterEach, describe, expect, test} from 'vitest'
import {probes} from '../../src/probes/index.ts'
import {Arrivals} from '../../src/probes/turn/arrivals.ts'
import {decodePacket, encodePacket} from '../../src/probes/turn/echo-packet.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {startCoturn, until} from '../fixtures/coturn.ts'
import {udpProxy, type Fate} from '../fixtures/proxy.ts'
import {need} from '../setup/need.ts'

const {turn} = probes
const credentials = {username: 'u', password: 'p'}
const open: {close(): Promise<void>}[] = []
afterEach(async () => {
  for (const server of open.splice(0).reverse()) await server.close()
})

describe('the echo through a path that is known to be bad', () => {
  need('turnserver')

  test('counts exactly what was lost on either way, doubled and overtaken', async () => {
    const result = await echoOver(
      fateOfPackets((number, pass) => {
        if (number % 5 === 0 && pass === 'near out') return [] // 10 of 50
        if (number % 10 === 7 && pass === 'near back') return [] // 5 of 50
        if (number === 21 && pass === 'near back') return [0, 0]
        if (number === 31 && pass === 'near out') return [60]
        return [0]
      }),
      {packets: 50, interval: '10ms'},
    )
    expect(result).toMatchObject({
      ok: true,
      facts: {loss: 15 / 50, duplicated: 1, reordered: 1},
      details: {
        echo: {
          sent: 50,
          returned: 35,
          out: {lost: 10, duplicated: 0, reordered: 1},
          back: {lost: 5},
        },
      },
    })
    const events = result.events.filter(({indicator}) => indicator === 'turn_echo')
    expect(events.map(({ok}) => ok)).toEqual(Array.from({length: 50}, (_, n) => n % 5 !== 0 && n % 10 !== 7))
    expect(events[31]?.value).toBeGreaterThanOrEqual(59)
  })

  test('a delay on both legs shows in the round-trip time, and its variation in the jitter', async () => {
    const steady = await echoOver(
      fateOfPackets(() => [15]),
      {packets: 20},
    )
    expect(steady.facts.rtt_p50_ms).toBeGreaterThanOrEqual(4 * 15 - 4)
    const varied = await echoOver(
      fateOfPackets((number, pass) => [pass === 'near out' && number % 2 === 0 ? 12 : 0]),
      {packets: 60, interval: '20ms'},
    )
    // RFC 3550 approaches the mean difference of 12 ms: 1 - (15/16)^59 of it is 98 %
    expect(varied.facts.jitter_ms).toBeGreaterThan(9)
    expect(varied.facts.jitter_ms).toBeLessThan(1000) // a busy machine adds some: this is about the unit
  })

  test('allocations that live two seconds are refreshed meanwhile', async () => {
    const server = await startCoturn({args: ['--max-allocate-lifetime=2']})
    open.push(server)
    const result = await attemptOn(turn, {
      address: `turn:127.0.0.1:${server.port}`,
      options: {credentials, packets: 60, interval: '50ms'},
    })
    expect(result).toMatchObject({ok: true, facts: {lifetime_s: 2, loss: 0}})
    await until(async () => (await server.openAllocations()) === 0)
  })

  async function echoOver(fate: Fate, options: Record<string, unknown>): ReturnType<typeof attemptOn> {
    const server = await startCoturn()
    const proxy = await udpProxy({to: server, fate})
    open.push(server, proxy)
    return attemptOn(turn, {address: `turn:127.0.0.1:${proxy.port}`, options: {credentials, ...options}})
  }
})

test('arrivals tell late packets from doubled ones', () => {
  const arrivals = new Arrivals()
  for (const [number, transit] of [
    [0, 1],
    [2, 1],
    [1, 9],
    [2, 30],
    [3, 2],
  ] as const)
    arrivals.add(number, transit)
  expect(arrivals).toMatchObject({count: 4, duplicated: 1, reordered: 1, transits: [1, 1, 9, 2]})
  expect(arrivals.transitOf(2)).toBe(1)
  expect(arrivals.transitOf(4)).toBeUndefined()
})

test("a packet tells its number and time, and a stranger's packet nothing", () => {
  const tag = Buffer.from('ourtag!!')
  const packet = {number: 4_294_967_295, sentAt: 1234.5678}
  const bytes = encodePacket(tag, packet, 160)
  expect(bytes).toHaveLength(160)
  expect(decodePacket(tag, bytes)).toEqual(packet)
  expect(decodePacket(Buffer.from('theirtag'), bytes)).toBeUndefined()
  expect(decodePacket(tag, bytes.subarray(0, 19))).toBeUndefined()
})

type Pass = 'near out' | 'far back' | 'far out' | 'near back'

/** Decides over our own packets in ChannelData, each of which passes four times; all else goes through. */
function fateOfPackets(decide: (number: number, pass: Pass) => readonly number[]): Fate {
  const passes: readonly Pass[] = ['near out', 'far back', 'far out', 'near back']
  const seen = new Map<number, number>()
  return (datagram) => {
    if (((datagram[0] ?? 0) & 0xc0) !== 0x40) return [0]
    const number = datagram.readUInt32BE(4 + 8) // after the channel's header and the tag
    const times = seen.get(number) ?? 0
    seen.set(number, times + 1)
    return decide(number, passes[times] ?? 'near back')
  }
}
