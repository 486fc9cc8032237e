import {createServer} from 'node:http'
import {once} from 'node:events'
import type {AddressInfo} from 'node:net'
import {Server} from 'socket.io'
import {quantile} from '../src/core/stats.ts'
import {usualSocketsPerVu} from '../src/drill/resources.ts'
import type {Bench, Claim} from './claim.ts'
import {artillery, bare, ours, type Load, type Run} from './drill-runs.ts'

const ROUNDS = 3
/** As long as the collector needs for some rounds: a peak before them says nothing. */
const HELD_MS = 60_000

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
  const load = loadOf(url, {sockets: 200, intervalMs: 200, rampMs: 1990, endMs: 40_000})
  const [mine, theirs]: [Run[], Run[]] = [[], []]
  for (let round = 0; round < ROUNDS; round++) {
    mine.push(await ours(load))
    theirs.push(await bare(load))
  }
  const other = await artillery(load)
  const [own, least] = [mine, theirs].map((runs) => ({
    cost: median(runs.map(({cpuMs, trips}) => cpuMs / trips)),
    p50: median(runs.map(({p50}) => p50)),
    p99: median(runs.map(({p99}) => p99)),
  })) as [Summed, Summed]
  const artilleryCost = other.cpuMs / other.trips
  const told = `${own.cost.toFixed(3)} ms of CPU a round trip`
  const trips = `${mine.at(-1)?.trips} round trips of ${load.sockets} sockets, median of ${ROUNDS}`
  return [
    {
      name: 'drill round trip, CPU',
      measured: own.cost / least.cost,
      limit: 1 / 0.9,
      unit: 'x a bare k6 script',
      detail: `${told} against ${least.cost.toFixed(3)}, whole processes, ${trips}`,
    },
    {
      name: 'drill round trip, p50',
      measured: own.p50 - least.p50,
      limit: 0.2,
      unit: 'ms over a bare k6 script',
      detail: `${own.p50.toFixed(2)} ms against ${least.p50.toFixed(2)}`,
    },
    {
      name: 'drill round trip, p99',
      measured: own.p99 - least.p99,
      limit: 1,
      unit: 'ms over a bare k6 script',
      detail: `${own.p99.toFixed(2)} ms against ${least.p99.toFixed(2)}`,
    },
    {
      name: 'drill round trip, CPU',
      measured: own.cost / artilleryCost,
      limit: 1 / 1.3,
      unit: "x Artillery's Socket.IO engine",
      detail: `${told} against ${artilleryCost.toFixed(3)} (${other.trips} round trips, ${megabytes(other.peakBytes)})`,
    },
  ]
}

interface Summed {
  readonly cost: number
  readonly p50: number
  readonly p99: number
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
