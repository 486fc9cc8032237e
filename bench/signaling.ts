import {once} from 'node:events'
import {setTimeout as sleep} from 'node:timers/promises'
import {WebSocket} from 'ws'
import {quantile} from '../src/core/stats.ts'
import {runCheck} from '../src/probes/run-check.ts'
import {probeNamed} from '../src/probes/probe-named.ts'
import {targetOf} from '../src/probes/target.ts'
import {ackDialect} from '../test/fixtures/dialects.ts'
import {serveWebSocket} from '../test/fixtures/serve-websocket.ts'
import {videoChatServer} from '../test/fixtures/video-chat-server.ts'
import type {Bench, Claim} from './claim.ts'

const ROUNDS = 6
const TRIPS = 300
const INTERVAL_MS = 2

type Measure = () => Promise<readonly number[]>

/** Round trips on real servers: our client against the protocol's official one, in turns. */
export const signaling: Bench = async () => [...(await socketIo()), ...(await plainWebSocket()), ...(await pings())]

async function socketIo(): Promise<Claim[]> {
  const server = await videoChatServer()
  const by = (client: string) => () => roundTrips(server.url, {dialect: ackDialect, client})
  return compared('signaling round trip', 'socket.io-client', [by('own'), by('official')]).finally(() => server.close())
}

/** Requests in JSON, answered by their id. */
const jsonEcho = {
  transport: {kind: 'ws'},
  roundTrip: {kind: 'reply', send: {json: {id: '{id}', n: '{n}'}}, expect: {where: {'$.id': '{id}'}}},
}

async function plainWebSocket(): Promise<Claim[]> {
  const server = await serveWebSocket((socket) => socket.on('message', (data) => socket.send(data, {binary: false})))
  const own = () => roundTrips(server.address, {dialect: jsonEcho})
  const official = () => echoes(server.address)
  return compared('plain WebSocket round trip', 'ws', [own, official]).finally(() => server.close())
}

/** The ping frames of the `websocket` probe, one after the other. */
async function pings(): Promise<Claim[]> {
  const server = await serveWebSocket()
  const own = () => measured('websocket', server.address, {ping: TRIPS})
  const official = () => pongs(server.address)
  return compared('WebSocket ping', 'ws', [own, official]).finally(() => server.close())
}

async function compared(name: string, peer: string, [own, official]: readonly [Measure, Measure]): Promise<Claim[]> {
  const ours: number[] = []
  const theirs: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    ours.push(...(await own()))
    theirs.push(...(await official()))
  }
  const [mine, other] = [ours, theirs].map((values) => quantile(values, 0.5) ?? Number.NaN) as [number, number]
  const tail = [ours, theirs].map((values) => (quantile(values, 0.95) ?? Number.NaN).toFixed(3)).join(' against ')
  return [
    {
      name: `${name}, p50`,
      measured: mine - other,
      limit: 0.2,
      unit: `ms over ${peer}`,
      detail: `${mine.toFixed(3)} ms against ${other.toFixed(3)} ms (p95 ${tail}), ${ROUNDS * TRIPS} each in turns`,
    },
  ]
}

function roundTrips(url: string, settings: {dialect: object; client?: string}): Promise<readonly number[]> {
  return measured('signaling', url, {...settings, count: TRIPS, interval: INTERVAL_MS})
}

async function measured(name: 'signaling' | 'websocket', url: string, options: object): Promise<readonly number[]> {
  const check = {
    name: 'round trips',
    probe: name,
    target: targetOf(url),
    options,
    attempts: 1,
    intervalMs: 0,
    timeoutMs: 10_000,
    needs: [],
    tags: [],
  }
  const probe = await (await probeNamed(name)).configure(options)
  const [result] = await runCheck(probe, check, {signal: new AbortController().signal, secrets: []})
  if (!result?.ok) throw new Error(result?.failure.message ?? 'no result')
  return result.events.flatMap(({indicator, value}) =>
    (indicator === 'signaling_rtt' || indicator === 'ws_ping') && value !== undefined ? [value] : [],
  )
}

/** The same on the bare client: send by the timetable, find the request of each answer. */
async function echoes(address: string): Promise<readonly number[]> {
  const socket = new WebSocket(address, {perMessageDeflate: false})
  await once(socket, 'open')
  const sentAt = new Map<string, number>()
  const values: number[] = []
  const all = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const now = performance.now()
      const {id} = JSON.parse((data as Buffer).toString('utf8')) as {id: string}
      values.push(now - (sentAt.get(id) ?? now))
      if (values.length === TRIPS) resolve()
    })
  })
  const begin = performance.now()
  for (let n = 0; n < TRIPS; n++) {
    const left = begin + n * INTERVAL_MS - performance.now()
    if (left > 0) await sleep(left)
    const id = crypto.randomUUID()
    sentAt.set(id, performance.now())
    socket.send(JSON.stringify({id, n}))
  }
  await all
  socket.terminate()
  return values
}

async function pongs(address: string): Promise<readonly number[]> {
  const socket = new WebSocket(address, {perMessageDeflate: false})
  await once(socket, 'open')
  const values: number[] = []
  for (let n = 0; n < TRIPS; n++) {
    const ponged = new Promise<number>((resolve) => socket.once('pong', () => resolve(performance.now())))
    const begin = performance.now()
    socket.ping(String(n))
    values.push((await ponged) - begin)
  }
  socket.terminate()
  return values
}
