import {createServer, type IncomingMessage} from 'node:http'
import type {AddressInfo} from 'node:net'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {DrillResult} from '../../src/core/drill-result.ts'
import {beginsByPolling, POLLING_REQUESTS} from '../../src/load/polling.ts'
import {drillIn, goodShare, shortDrill, verdictOn, type Drilled} from '../fixtures/drill.ts'
import {drillTargetProfile} from '../fixtures/drill-target.ts'
import {videoChatServer, type VideoChatServer} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')
const SHARE = 0.4
const SESSIONS = 20

/** A drill of this dialect, a share of which begins by polling. */
async function drillOf(url: string, dialect: string): Promise<Drilled> {
  const folder = await mkdtemp(join(tmpdir(), 'drill-polling-'))
  try {
    const profile = drillTargetProfile.replace('  health: {probe: http, target: chat, path: /health}\n', '')
    await writeFile(join(folder, 'drilled.yaml'), profile)
    const config = `profile: ./drilled.yaml\ninstance: here\ntargets: {chat: "${url}"}\ndialect: ${dialect}\n`
    await writeFile(join(folder, 'probe.yaml'), config)
    return await drillIn(folder, {wishes: {...shortDrill, polling: SHARE}, settings: {k6}})
  } finally {
    await rm(folder, {recursive: true, force: true})
  }
}

describe('a drill of which a part begins by polling', () => {
  let server: VideoChatServer
  let drilled: Drilled
  let drill: DrillResult
  const requests: IncomingMessage[] = []
  const ofLoad = (transport: string, known: boolean) => {
    const ids = Map.groupBy(requests, ({headers}) => headers['x-request-id'])
    const [load = []] = [...ids.values()].sort((a, b) => b.length - a.length) // each check has an id of its own
    return load.filter(({url = ''}) => url.includes(`transport=${transport}`) && url.includes('&sid=') === known)
  }

  beforeAll(async () => {
    server = await videoChatServer({server: {cookie: true}})
    for (const event of ['request', 'upgrade'] as const)
      server.http.on(event, (request: IncomingMessage) => requests.push(request))
    drilled = await drillOf(server.url, '{extends: socketio-echo, transport: {transports: [polling, websocket]}}')
    if (!drilled.report.drill) throw new Error('a report without its drill')
    drill = drilled.report.drill
  }, 120_000)
  afterAll(() => server.close())

  test('holds all sessions on WebSockets, and every promise', () => {
    expect(drill.failures).toEqual([])
    expect(drilled.report.drill?.gates.find(({name}) => name === 'exceptions')).toMatchObject({ok: true})
    expect(Math.max(...drill.series.map(({openSockets}) => openSockets))).toBeGreaterThan(SESSIONS * 0.85)
    expect(goodShare(verdictOn(drilled.report, 'latency'))).toBeGreaterThan(0.95)
    expect(goodShare(verdictOn(drilled.report, 'sessions-carried'))).toBeGreaterThan(0.95)
  })

  test('begins by polling with that share of them, and upgrades each', () => {
    const polling = Array.from({length: SESSIONS}, (_, index) => beginsByPolling(index, SHARE)).filter(Boolean).length
    const upgraded = ofLoad('websocket', true).length
    const begun = ofLoad('polling', false).length
    expect(begun - upgraded).toBeLessThanOrEqual(1) // one may be on its way when its time is over
    expect(begun).toBeGreaterThanOrEqual(polling)
    const share = begun / (begun + ofLoad('websocket', false).length)
    expect(Math.abs(share - SHARE)).toBeLessThan(0.15)
    const perSession = 1 + ofLoad('polling', true).length / begun
    expect(perSession).toBeGreaterThanOrEqual(POLLING_REQUESTS - 1)
    expect(perSession).toBeLessThan(2 * POLLING_REQUESTS) // a slow machine polls once more
  })

  test('keeps the cookies of a session, and of no other', () => {
    const later = [...ofLoad('polling', true), ...ofLoad('websocket', true)]
    for (const {url, headers} of later)
      expect(headers.cookie).toBe(`io=${new URL(url ?? '', server.url).searchParams.get('sid')}`)
    const first = [...ofLoad('polling', false), ...ofLoad('websocket', false)]
    expect(first.filter(({headers}) => headers.cookie !== undefined)).toEqual([])
  })

  test('is another workload', () => {
    expect(drill.workload['sockets.polling']).toBe(String(SHARE))
  })
})

describe('with a ticket that is asked for before', () => {
  test('every session has one of its own, however it connects', async () => {
    let issued = 0
    const office = createServer((_, response) => response.end(JSON.stringify({ticket: `t${++issued}`})))
    await new Promise<void>((listening) => office.listen(0, '127.0.0.1', listening))
    const shown: {ticket: string; transport: string}[] = []
    const server = await videoChatServer({
      server: {
        allowRequest: ({url = ''}, decide) => {
          const query = new URL(url, 'http://localhost').searchParams
          const ticket = query.get('ticket') ?? ''
          shown.push({ticket, transport: query.get('transport') ?? ''})
          decide(null, ticket.startsWith('t'))
        },
      },
    })
    const ask = `{name: ticket, request: {path: "http://127.0.0.1:${(office.address() as AddressInfo).port}/"}, expect: {take: {ticket: $.body.ticket}}}`
    const transport = '{transports: [polling, websocket], query: {ticket: "{ticket}"}}'
    try {
      const {report} = await drillOf(server.url, `{extends: socketio-echo, transport: ${transport}, before: [${ask}]}`)
      expect(report.drill?.failures).toEqual([])
      expect(goodShare(verdictOn(report, 'latency'))).toBeGreaterThan(0.95)
      const begun = shown.filter(({transport}) => transport === 'polling').map(({ticket}) => ticket)
      expect(begun.length).toBeGreaterThan(0)
      expect(shown.length).toBeGreaterThan(SESSIONS)
      expect(new Set(shown.map(({ticket}) => ticket)).size).toBe(shown.length)
    } finally {
      office.close()
      await server.close()
    }
  }, 120_000)
})
