import {createServer} from 'node:http'
import {once} from 'node:events'
import type {AddressInfo} from 'node:net'
import {Server} from 'socket.io'
import {quantile} from '../src/core/stats.ts'
import {usualSocketsPerVu} from '../src/drill/resources.ts'
import type {Bench, Claim} from './claim.ts'
import {artillery, bare, ours, type Load, type Run} from './drill-runs.ts'

const ROUNDS = 5
/** Until then k6 starts, and the last sessions open. */
const SETTLED_MS = 3000
/** As long as the collector needs for some rounds: a peak before them says nothing. */
const HELD_MS = 90_000

/** What a drill's generator costs, against the least that k6 can do and against Artillery, on one server. */
export const drill: Bench = async () => {
  const http = createServer()
  const server = new Server(http)
  server.on('connection', (socket) => {
    socket.on('echo', (...args: unknown[]) => {
      const answer = args.pop()
      if (typeof answer === 'function') (answer as (...args: unknown[]) => void)(...args)
    })
  })
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`
  try {
    return [
      ...(await roundTrips(url)),
      // Of few sessions memory is spent so that none is late (drill/k6/thrift.ts); of many it is what runs out.
      await memory(url, {sockets: 2000, limit: 2}),
      await memory(url, {sockets: 10_000, limit: 1 / 1.1}),
    ]
  } finally {
    await server.close()
  }
}

async function roundTrips(url: string): Promise<Claim[]> {
  // The bare script's sockets keep the rhythm in which they were opened: in 2000 ms ten of them would send as one for ever.
  const load = loadOf(url, {sockets: 200, intervalMs: 200, rampMs: 1990, endMs: 30_000})
  const many = loadOf(url, {sockets: 1000, intervalMs: 400, rampMs: 9990, endMs: 30_000})
  const pairs = await sideBySide(load)
  const other = await artillery(load)
  const mine = pairs.map(({own}) => own)
  const cost = median(mine.map(({cpuMs, trips}) => cpuMs / trips))
  const artilleryCost = other.cpuMs / other.trips
  return [
    cpuClaim(load, pairs),
    cpuClaim(many, await sideBySide(many)),
    latencyClaim(pairs, {quantile: 'p50', limit: 0.2}),
    latencyClaim(pairs, {quantile: 'p99', limit: 1}),
    {
      name: 'drill round trip, CPU',
      measured: cost / artilleryCost,
      limit: 1 / 1.3,
      unit: "x Artillery's Socket.IO engine",
      detail: `${cost.toFixed(3)} ms of CPU a round trip against ${artilleryCost.toFixed(3)}, whole processes (${other.trips} round trips, ${megabytes(other.peakBytes)})`,
    },
  ]
}

interface Pair {
  readonly own: Run
  readonly least: Run
}

/** Ours and the bare script's at the same time: a machine's speed changes by a third from one minute to the next. */
async function sideBySide(load: Load): Promise<Pair[]> {
  const pairs: Pair[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [own, least] = await Promise.all([ours(load), bare(load)])
    pairs.push({own, least})
  }
  return pairs
}

/** While the load is held: a drill opens its sessions once, and makes round trips for minutes. */
function cpuClaim(load: Load, pairs: readonly Pair[]): Claim {
  const held = {fromMs: load.rampMs + SETTLED_MS, toMs: load.endMs}
  const trips = (load.sockets * (held.toMs - held.fromMs)) / load.intervalMs
  const cost = (run: Run) => run.cpuMsWithin(held) / trips
  const whole = (run: Run) => run.cpuMs / run.trips
  const over = (of: (run: Run) => number) => median(pairs.map(({own, least}) => of(own) / of(least)))
  const [own, least] = [median(pairs.map((pair) => cost(pair.own))), median(pairs.map((pair) => cost(pair.least)))]
  return {
    name: `drill round trip, CPU, ${(load.sockets * 1000) / load.intervalMs} a second`,
    measured: over(cost),
    limit: 1 / 0.9,
    unit: 'x a bare k6 script',
    detail: `${own.toFixed(3)} ms of CPU against ${least.toFixed(3)}, ${load.sockets} sockets, median of ${pairs.length} pairs; ${over(whole).toFixed(2)} x for the whole of so short a process, its openings included`,
  }
}

function latencyClaim(
  pairs: readonly Pair[],
  {quantile, limit}: {readonly quantile: 'p50' | 'p99'; readonly limit: number},
): Claim {
  const [own, least] = [
    median(pairs.map((pair) => pair.own[quantile])),
    median(pairs.map((pair) => pair.least[quantile])),
  ]
  return {
    name: `drill round trip, ${quantile}`,
    measured: median(pairs.map((pair) => pair.own[quantile] - pair.least[quantile])),
    limit,
    unit: 'ms over a bare k6 script',
    detail: `${own.toFixed(2)} ms against ${least.toFixed(2)}`,
  }
}

/** An acknowledgement every ten seconds, which hardly needs the processor: what is held is what counts. */
async function memory(url: string, {sockets, limit}: {sockets: number; limit: number}): Promise<Claim> {
  const rampMs = sockets * 4
  const load = loadOf(url, {sockets, intervalMs: 10_000, rampMs, endMs: rampMs + HELD_MS})
  const [own, least] = [await ours(load), await bare(load)]
  return {
    name: `drill of ${sockets} sockets, memory`,
    measured: own.peakBytes / least.peakBytes,
    limit,
    unit: 'x a bare k6 script',
    detail: `${megabytes(own.peakBytes)} against ${megabytes(least.peakBytes)}; CPU ${own.cpuMs} against ${least.cpuMs} ms for ${own.trips} and ${least.trips} round trips`,
  }
}

/** With as many sockets to a virtual user as `probe drill` has unless told otherwise. */
function loadOf(url: string, rest: Omit<Load, 'url' | 'socketsPerVu'>): Load {
  const {sockets, intervalMs} = rest
  const messagesPerSecond = (sockets * 1000) / intervalMs
  const socketsPerVu = usualSocketsPerVu({connections: sockets, sessions: sockets, messagesPerSecond})
  return {url, socketsPerVu, ...rest}
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`
}

function median(values: readonly number[]): number {
  return quantile(values, 0.5) ?? Number.NaN
}
