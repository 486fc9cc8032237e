import type {JsonObject} from '../../src/core/json.ts'
import {describe, expect, test} from 'vitest'
import {dialectNames} from '../../src/config/dialects.ts'
import {loadDialect} from '../../src/config/load-dialect.ts'
import {plainLayer} from '../../src/config/layer.ts'
import {mergeLayers} from '../../src/config/merge.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {clientsOf} from '../../src/dialect/plan.ts'
import {dialectSchema} from '../../src/dialect/schema.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {readyDialects, startSignaling} from '../fixtures/signaling-servers.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

const names = await dialectNames()
const dialectOf = async (name: string) => (await loadDialect({dialect: name}, {cwd: '.', env: {}})).dialect

async function attempt(address: string, name: string, options: Readonly<Record<string, unknown>> = {}) {
  const dialect = await dialectOf(name)
  return attemptOn(probes.signaling, {address, options: {dialect, count: 5, interval: 5, ...options}})
}

const goodOf = ({events}: AttemptResult, indicator: string) =>
  events.filter((event) => event.indicator === indicator && event.ok).length

const programOf = (name: string) => readyDialects.find(({dialect}) => dialect === name)?.program ?? name

describe.each(readyDialects)('the dialect $dialect', ({dialect: name, program}) => {
  const path = need(program)

  test('leads its clients through hand-over and round trips on the real server', async () => {
    const {url} = closing(await startSignaling(name, path))
    const result = await attempt(url, name)
    expect(result.ok ? undefined : result.failure).toBeUndefined()
    const {handover} = await dialectOf(name)
    expect(goodOf(result, 'offer_answer')).toBe(handover ? 1 : 0)
    expect(goodOf(result, 'signaling_rtt')).toBe(5)
  })

  test('meets no other clients: two attempts at once do not hear of each other', async () => {
    const {url} = closing(await startSignaling(name, path))
    const results = await Promise.all([attempt(url, name), attempt(url, name)])
    expect(results.map(({ok}) => ok)).toEqual([true, true])
    expect(results.map((result) => goodOf(result, 'signaling_rtt'))).toEqual([5, 5])
  })
})

test('a WebSocket that echoes is spoken to by websocket-echo, and by websocket-ping', async () => {
  const server = closing(
    await serveWebSocket((socket) => socket.on('message', (data, isBinary) => socket.send(data, {binary: isBinary}))),
  )
  for (const name of ['websocket-echo', 'websocket-ping']) {
    const result = await attempt(server.address, name)
    expect(goodOf(result, 'signaling_rtt'), name).toBe(5)
  }
})

test('a server whose messages no dialect expresses still answers ping frames', async () => {
  const server = closing(await serveWebSocket((socket) => socket.on('message', () => socket.terminate())))
  expect(await attempt(server.address, 'websocket-ping')).toMatchObject({ok: true})
})

test('a Socket.IO server that acknowledges is spoken to by socketio-echo', async () => {
  const {url} = closing(await videoChatServer())
  expect(goodOf(await attempt(url, 'socketio-echo'), 'signaling_rtt')).toBe(5)
})

test('the video chat is spoken to by video-chat', async () => {
  const {url} = closing(await videoChatServer())
  expect(goodOf(await attempt(url, 'video-chat'), 'signaling_rtt')).toBe(5)
})

/** Both clients get one id: the second is refused. */
const sameId = {prefix: 'probe-same-', length: 1, alphabet: 'aa'}

test.each([
  {name: 'peerjs', change: {ids: {peer: sameId}}, words: 'ID is taken'},
  {name: 'peerjs', change: {transport: {query: {key: 'another'}}}, words: 'Invalid key provided'},
  {name: 'janus', change: {ids: {user: sameId}}, words: "Username 'probe-same-a' already taken"},
  {
    name: 'protoo',
    change: {roundTrip: {send: {json: {request: true, id: '{n}', method: 'join', data: {}}}}},
    words: 'the server answered "no such method"',
  },
  {name: 'webtorrent', change: {ids: {swarm: {length: 19, shared: true}}}, words: 'invalid info_hash'},
] as const)('$name: a refusal is told as the server words it: $words', async ({name, change, words}) => {
  const {url} = closing(await startSignaling(name, need(programOf(name))))
  const dialect = mergeLayers(
    [await dialectOf(name), change].map((value) => plainLayer('', value as unknown as JsonObject, () => '')),
    dialectSchema,
  )
  const options = {dialect, count: 2, interval: 5, stepTimeout: 1000, roundTripTimeout: 2000}
  const result = await attemptOn(probes.signaling, {address: url, options})
  expect(result.ok ? 'passed' : result.failure.message).toContain(words)
})

test('a server that dies of a message it does not know outlives what websocket-ping sends', async () => {
  const {url} = closing(await startSignaling('y-webrtc', need('y-webrtc-signaling')))
  expect(await attempt(url, 'websocket-ping')).toMatchObject({ok: true})
  expect(await attempt(url, 'y-webrtc')).toMatchObject({ok: true})
})

test('no ready dialect is without a server that it was tried on', () => {
  const tried = [...readyDialects.map(({dialect}) => dialect), 'websocket-echo', 'websocket-ping']
  expect(names).toEqual([...tried, 'socketio-echo', 'video-chat'].sort())
})

test.each(names)('%s with two clients that meet keeps them apart from everybody else', async (name) => {
  const dialect = await dialectOf(name)
  expect(clientsOf(dialect) === 1 || dialect.match === undefined || dialect.match.isolation).toBeTruthy()
})
