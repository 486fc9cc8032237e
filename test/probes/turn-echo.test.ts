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
        if (number === 11 && pass === 'far back') return [0, 0]
        if (number === 21 && pass === 'near back') return [0, 0]
        if (number === 31 && pass === 'near out') return [60]
        if (number === 33 && pass === 'near back') return [60]
        return [0]
      }),
      {packets: 50, rate: 100},
    )
    expect(result).toMatchObject({
      ok: true,
      facts: {loss: 15 / 50, duplicated: 2, reordered: 2},
      details: {
        echo: {
          sent: 50,
          returned: 35,
          out: {lost: 10, duplicated: 1, reordered: 1},
          back: {lost: 5, duplicated: 1, reordered: 1},
        },
      },
    })
    const events = result.events.filter(({indicator}) => indicator === 'turn_echo')
    expect(events.map(({ok}) => ok)).toEqual(Array.from({length: 50}, (_, n) => n % 5 !== 0 && n % 10 !== 7))
    expect(events[31]?.value).toBeGreaterThanOrEqual(59)
  })

  test('a delay on every leg shows in the round-trip times, all of it and nothing else', async () => {
    const {facts, details} = await echoOver(
      fateOfPackets(() => [15]),
      {packets: 20},
    )
    const echoed = details?.echo as {out: {delay_p50_ms: number}; back: {delay_p50_ms: number}}
    expect(facts.rtt_min_ms).toBeGreaterThanOrEqual(4 * 15 - 4) // a timer may fire a fraction early
    expect(echoed.out.delay_p50_ms).toBeGreaterThanOrEqual(2 * 15 - 2)
    expect(echoed.back.delay_p50_ms).toBeGreaterThanOrEqual(2 * 15 - 2)
    expect(echoed.out.delay_p50_ms + echoed.back.delay_p50_ms).toBeLessThan(facts.rtt_max_ms as number)
  })

  test('the jitter is that of the path, way by way, by the formula of RFC 3550', async () => {
    const held: number[] = []
    const {facts, details} = await echoOver(
      fateOfPackets((number, pass) => [pass === 'near out' && number % 2 === 0 ? 12 : 0]),
      {packets: 60},
      (delayMs) => held.push(delayMs),
    )
    // What the proxy held back for how long, as it was: timers are late on a busy machine. What is not held passes in no time.
    const transits = Array.from({length: 60}, (_, number) => (number % 2 === 0 ? (held[number / 2] ?? 0) : 0))
    const expected = transits.slice(1).reduce((sum, transit, n) => {
      return sum + (Math.abs(transit - (transits[n] ?? 0)) - sum) / 16
    }, 0)
    expect(expected).toBeGreaterThan(9)
    expect(Math.abs((facts.jitter_ms as number) - expected)).toBeLessThan(expected / 2)
    expect(details?.echo).toMatchObject({back: {lost: 0}})
  })

  test("the sender's own lateness is shown, and in no other figure", async () => {
    const {facts, details} = await echoOver(
      fateOfPackets((number, pass) => {
        if (number === 10 && pass === 'near out') block(150)
        return [0]
      }),
      {packets: 40},
    )
    // Everything of this process stood still for 150 ms: packets that were due meanwhile left late, one after the other.
    expect(details?.echo).toMatchObject({sent: 40, returned: 40})
    expect((details?.echo as {sender_late_max_ms: number}).sender_late_max_ms).toBeGreaterThan(100)
    expect(facts.sender_late_p95_ms).toBeGreaterThan(20)
    expect(facts.rtt_p50_ms).toBeLessThan(100)
  })

  test('the throughput ends where packets are lost, or at the limit that was given', async () => {
    const dropAbove = (bytesPerSecond: number): Fate => {
      let tokens = bytesPerSecond / 50
      let at = performance.now()
      return (datagram, direction) => {
        if (direction === 'back' || datagram.length < 1000) return [0]
        const now = performance.now()
        tokens = Math.min(bytesPerSecond / 50, tokens + ((now - at) / 1000) * bytesPerSecond) - datagram.length
        at = now
        if (tokens >= 0) return [0]
        tokens += datagram.length
        return []
      }
    }
    // 1 Mbit/s is let through: of 0.25, 0.5, 1, 2 … 2 at the latest is too much
    const narrow = await echoOver(dropAbove(125_000), {packets: 2, throughput: 16})
    expect(narrow).toMatchObject({ok: true, facts: {throughput_ended_by: 'loss'}})
    expect(narrow.facts.throughput_mbps).toBeLessThan(1.5)
    const wide = await echoOver(() => [0], {packets: 2, throughput: 1})
    expect(wide).toMatchObject({ok: true, facts: {throughput_ended_by: 'limit'}})
    expect(wide.details?.throughput).toHaveLength(7)
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

  async function echoOver(
    fate: Fate,
    options: Record<string, unknown>,
    onHeld?: (delayMs: number) => void,
  ): ReturnType<typeof attemptOn> {
    const server = await startCoturn()
    const proxy = await udpProxy({to: server, fate, ...(onHeld && {onHeld})})
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

/** Keeps the event loop from everything else. */
function block(ms: number): void {
  const until = performance.now() + ms
  while (performance.now() < until);
}

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
