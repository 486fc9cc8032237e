import {describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn, until} from '../fixtures/coturn.ts'
import {goodShare, verdictOn} from '../fixtures/drill.ts'
import {knownRelays, type RelayDrilled} from '../fixtures/known-relays.ts'
import {wrongIn} from '../fixtures/known-case.ts'
import {relayDrill} from '../fixtures/relay-drill.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import {need} from '../setup/need.ts'

need('turnserver')

async function drilled(name: keyof typeof knownRelays): Promise<RelayDrilled> {
  const {run, deserves} = knownRelays[name]
  const found = await run()
  expect(wrongIn(found.report, deserves), found.read('report.md')).toEqual([])
  return found
}

describe.concurrent('a relay of known behaviour gets the verdict that it deserves', {timeout: 90_000}, () => {
  test('relaying: every call is carried, and nothing is left allocated', async () => {
    const {report, read, left} = await drilled('relaying')
    const found = report.drill
    expect(goodShare(verdictOn(report, 'sessions-carried'))).toBeGreaterThan(0.95)
    expect(verdictOn(report, 'packets').bounds[0]?.tally.total).toBeGreaterThan(1000)
    expect(verdictOn(report, 'allocations').bounds[0]?.tally.total).toBeGreaterThan(20)
    expect(Math.max(...(found?.series ?? []).map(({openSockets}) => openSockets))).toBeGreaterThan(15)
    expect(found?.funnel.map(({stage}) => stage)).toEqual([
      'dialled',
      'connect',
      'challenge',
      'allocate',
      'permission',
      'channel',
      'echo',
    ])
    expect(new Set(found?.funnel.map(({clients}) => clients)).size).toBe(1)
    const steady = found?.phases.find(({judged}) => judged)
    expect(Object.keys(steady?.trends ?? {})).toEqual(
      expect.arrayContaining(['connect_ms', 'ready_ms', 'rtt_ms', 'jitter_ms', 'generator_lag_ms']),
    )
    expect(found?.generator).toMatchObject({vus: 1})
    expect(found?.k6).toBeUndefined()
    expect(schemaErrors(JSON.parse(read('report.json')))).toEqual([])
    expect(left).toBe(0)
    const page = read('report.html')
    expect(page).toContain('Allocations at once')
    expect(page).toContain('Packet round trips: p50, p95, p99, max')
    expect(page).toContain('our own client with 1 thread in 1 process')
    expect(page).not.toMatch(/sockets|k6|virtual user|connects/i)
  })

  test('a quota: the load was not carried, and the verdict says at how many allocations', async () => {
    const {report, left} = await drilled('quota')
    expect(report.drill?.failures[0]).toMatchObject({
      code: 'turn_quota',
      message: expect.stringMatching(/486.*, with 1\d allocations open/) as string,
    })
    expect(verdictOn(report, 'sessions-carried').why).toMatch(/turn_quota: .*486/)
    expect(left).toBe(0)
  })

  test('a death in the middle: the rail ends the drill, and it fails', async () => {
    const {report} = await drilled('relay-dying')
    expect(report.drill?.failures.map(({code}) => code)).toContain('refused')
  })
})

describe('a drill of a relay', {timeout: 60_000}, () => {
  test.each(['turn:127.0.0.1:PORT?transport=tcp', 'turns:127.0.0.1:TLS'])('goes over %s', async (shape) => {
    const certificate = await makeCertificate()
    const coturn = closing(await startCoturn({certificate}))
    const address = shape.replace('PORT', String(coturn.port)).replace('TLS', String(coturn.tlsPort))
    const {report, read} = await relayDrill({
      address,
      options: ', insecure: true',
      wishes: {peak: ['relayed_calls=1'], pace: {warmUpMs: 0, rampMs: 500, steadyMs: 2000, downMs: 1500}},
    })
    expect(verdictOn(report, 'packets').status, read('report.md')).toBe('pass')
    expect(verdictOn(report, 'sessions-carried').status, read('report.md')).toBe('pass')
  })

  test('that is interrupted gives back every allocation, and vouches for nothing', async () => {
    const coturn = closing(await startCoturn())
    const interrupt = new AbortController()
    const interruption = new ProbeFailure('aborted', 'interrupted')
    const {report} = await relayDrill({
      address: `turn:127.0.0.1:${coturn.port}`,
      wishes: {pace: {warmUpMs: 0, rampMs: 500, steadyMs: 60_000, downMs: 0}},
      settings: {
        signal: interrupt.signal,
        onPoint: ({openSockets}) => openSockets > 10 && interrupt.abort(interruption),
      },
    })
    expect(report.drill?.end).toEqual({kind: 'interrupted', message: 'interrupted'})
    expect(verdictOn(report, 'sessions-carried').status).not.toBe('pass')
    await until(async () => (await coturn.openAllocations()) === 0)
  })

  test('is not begun where the server carries no call', async () => {
    const coturn = closing(await startCoturn({loopbackPeers: false}))
    await expect(relayDrill({address: `turn:127.0.0.1:${coturn.port}`})).rejects.toThrow(
      /carries no call \(.*403.*\): nothing was loaded/,
    )
    await until(async () => (await coturn.openAllocations()) === 0)
  })
})
