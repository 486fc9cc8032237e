import {describe, expect, test} from 'vitest'
import {blameOf} from '../../src/core/failure.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {startTurnServer} from '../../src/demo/turn/server.ts'
import {probes} from '../../src/probes/index.ts'
import {runCheck} from '../../src/probes/run-check.ts'
import {decodeChannelData, isChannelData} from '../../src/probes/stun/channel-data.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {goodChat, slowChat} from '../fixtures/chat-servers.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn, until} from '../fixtures/coturn.ts'
import {jsonDialect, tricklingDialect, videoChatDialect} from '../fixtures/dialects.ts'
import {udpProxy, type Fate} from '../fixtures/proxy.ts'
import {valuesOf} from '../fixtures/values-of.ts'
import {videoChatServer, type VideoChatOptions} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'
import {describeProbeConformance, SLOW_MS} from './conformance.ts'

const {call} = probes
const dialect = videoChatDialect()
const trickling = tricklingDialect()
const quick = {dialect, messages: 2, media: '100ms'}
const credentials = {username: 'u', password: 'p'}

const serve = async (options?: VideoChatOptions) => closing(await videoChatServer(options))
const attempt = (address: string, options: Readonly<Record<string, unknown>> = {}) =>
  attemptOn(call, {address, options: {...quick, ...options}, timeoutMs: 20_000})
const stateOf = ({phases}: AttemptResult, name: string) => phases.find((phase) => phase.name === name)
const failureOf = (result: AttemptResult) => (result.ok ? 'passed' : result.failure)

describeProbeConformance({
  probe: call,
  options: quick,
  address: (port) => `ws://127.0.0.1:${port}`,
  good: goodChat,
  slow: () => slowChat(SLOW_MS),
})

describe('two clients call each other', () => {
  need('turnserver')

  test.each([
    ['all candidates in the descriptions', dialect],
    ['one candidate after the other', trickling],
  ])('through a relay, and give everything back: %s', async (_, spoken) => {
    const [chat, coturn] = [await serve(), closing(await startCoturn())]
    const turn = {address: `turn:127.0.0.1:${coturn.port}`, credentials}
    const result = await attempt(chat.url, {dialect: spoken, turn, media: '500ms', frames: true})
    expect(failureOf(result)).toBe('passed')
    expect(result.facts).toMatchObject({relayed: true, candidate_types: 'relay', audio_loss: 0, video_loss: 0})
    expect(valuesOf(result, 'call_audio')).toHaveLength(2 * 25)
    expect(valuesOf(result, 'call_video')).toHaveLength(2 * 60)
    expect(JSON.stringify(result.details?.frames)).toContain('m=video')
    expect(chat.received.filter((event) => event === 'leave')).toHaveLength(2)
    expect(chat.received.includes('send-candidate')).toBe(spoken === trickling)
    await until(async () => (await coturn.openAllocations()) === 0)
  })

  test('directly, where no relay is given', async () => {
    const result = await attempt((await serve()).url, {dialect: trickling})
    expect(failureOf(result)).toBe('passed')
    expect(result.facts).toMatchObject({relayed: false, candidate_type_local: 'host'})
    expect(valuesOf(result, 'call_setup')).toHaveLength(1)
  })

  test('many at a time', async () => {
    const chat = await serve()
    const options = {...quick, media: 0, messages: 1}
    const check = {
      ...{name: 'call', probe: 'call', target: {address: chat.url, display: chat.url}, options},
      ...{attempts: 6, concurrency: 3, intervalMs: 0, timeoutMs: 30_000, needs: [], tags: []},
    }
    let at = 0
    let most = 0
    const probe = await call.configure(options)
    const counted = {
      ...probe,
      async attempt(...args: Parameters<typeof probe.attempt>) {
        most = Math.max(most, ++at)
        await probe.attempt(...args)
        at--
      },
    }
    const results = await runCheck(counted, check, {signal: new AbortController().signal, secrets: []})
    expect(results.map(failureOf)).toEqual(Array(6).fill('passed'))
    expect(most).toBe(3)
  })
})

describe('the layer that fails blocks those above', () => {
  test('a match that does not come', async () => {
    const result = await attempt((await serve({neverMatch: true})).url, {matchTimeout: '300ms'})
    expect(failureOf(result)).toMatchObject({code: 'unmatched', phase: 'match'})
    expectBlocked(result, 'match', ['gather', 'offer', 'ice', 'media'])
  })

  test('a relay that is refused', async () => {
    const [chat, server] = [await serve(), closing(await startTurnServer({users: {u: 'p'}}))]
    const turn = {address: `turn:127.0.0.1:${server.udpPort}`, credentials: {username: 'u', password: 'wrong'}}
    const result = await attempt(chat.url, {turn})
    expect(failureOf(result)).toMatchObject({code: 'turn_unauthorized', phase: 'gather'})
    expectBlocked(result, 'gather', ['answer', 'ice', 'dtls', 'media'])
    expect(valuesOf(result, 'ice_connection')).toEqual([null])
    expect(server.stats()).toEqual({allocations: 0})
    await expect.poll(() => chat.received.filter((event) => event === 'leave')).toHaveLength(2)
  })

  test('relays that do not reach each other', async () => {
    const turn = await relayBehind((datagram) => (isChannelData(datagram) ? [] : [0]))
    const result = await attempt((await serve()).url, {turn, connectTimeout: '500ms'})
    expect(failureOf(result)).toMatchObject({code: 'ice_failed', phase: 'ice'})
    expectBlocked(result, 'ice', ['dtls', 'data_channel', 'echo', 'media'])
    expect(valuesOf(result, 'offer_answer')).toHaveLength(1)
  })

  test('media that is lost is counted packet by packet', async () => {
    const turn = await relayBehind((datagram) => (isMedia(datagram) && datagram.length > 500 ? [] : [0]))
    const result = await attempt((await serve()).url, {turn})
    expect(failureOf(result)).toMatchObject({code: 'media_lost', phase: 'media'})
    expect(result.facts).toMatchObject({audio_loss: 0, video_loss: 1})
    expect(result.events.filter(({indicator, ok}) => indicator === 'call_video' && !ok)).toHaveLength(2 * 12)
    expect(blameOf('media_lost')).toBe('target')
  })

  function expectBlocked(result: AttemptResult, by: string, phases: readonly string[]): void {
    for (const phase of phases)
      expect(stateOf(result, phase)).toMatchObject({state: 'skipped', why: `blocked by ${by}`})
  }
})

describe('what cannot be a call', () => {
  test.each([
    ['a policy of relays without a relay', {...quick, policy: 'relay'}, /policy/],
    ['a dialect without offer and answer', {...quick, dialect: jsonDialect}, /handover/],
    ['an address of a relay that is none', {...quick, turn: {address: 'http://turn.example'}}, /expected turn:/],
    ['no messages', {...quick, messages: 0}, /messages/],
    ['a call of an hour', {...quick, media: '1h'}, /at most 4m/],
  ])('%s is refused before anything is sent', async (_, options, message) => {
    await expect(call.configure(options)).rejects.toThrow(message)
  })
})

/** A relay behind a proxy that decides on each datagram. */
async function relayBehind(fate: Fate): Promise<{address: string; credentials: typeof credentials}> {
  const server = closing(await startTurnServer({users: {u: 'p'}}))
  const proxy = closing(await udpProxy({to: {ip: '127.0.0.1', port: server.udpPort}, fate}))
  return {address: `turn:127.0.0.1:${proxy.port}`, credentials}
}

/** RTP or RTCP (RFC 7983, section 7). */
function isMedia(datagram: Buffer): boolean {
  const first = isChannelData(datagram) ? (decodeChannelData(datagram)?.data[0] ?? 0) : 0
  return first >= 128 && first <= 191
}
