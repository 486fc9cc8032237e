import {afterEach, beforeAll, describe, expect, test} from 'vitest'
import type {AttemptResult} from '../../src/core/result.ts'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {startCoturn, until, type Coturn, type CoturnOptions} from '../fixtures/coturn.ts'
import {startPion} from '../fixtures/pion.ts'
import {turnOverTcp} from '../fixtures/turn-conformance.ts'
import {need} from '../setup/need.ts'
import {describeProbeConformance} from './conformance.ts'

need('turnserver')

const {turn} = probes
const credentials = {username: 'u', password: 'p'}
const open: {close(): Promise<void>}[] = []
let certificate: Certificate
beforeAll(async () => {
  certificate = await makeCertificate()
})
afterEach(async () => {
  for (const server of open.splice(0).reverse()) await server.close()
})

describeProbeConformance({...turnOverTcp, probe: turn, options: {credentials, packets: 5}})

describe('right credentials', () => {
  test.each([
    {ip: '127.0.0.1', transport: 'udp'},
    {ip: '127.0.0.1', transport: 'tcp'},
    {ip: '127.0.0.1', transport: 'tls'},
    {ip: '::1', transport: 'udp'},
    {ip: '::1', transport: 'tcp'},
    {ip: '::1', transport: 'tls'},
  ] as const)('over $transport to $ip packets go from relay to relay, and nothing stays allocated', async (at) => {
    const server = await coturn({ip: at.ip, certificate})
    const result = await attemptOn(turn, {
      address: addressOf(server, at.transport),
      options: {credentials, packets: 20, interval: '5ms', ca: certificate.ca},
    })
    expect(result).toMatchObject({
      ok: true,
      facts: {loss: 0, duplicated: 0, lifetime_s: 600, echo_path: 'relay to relay by channel'},
      details: {echo: {sent: 20, returned: 20, out: {lost: 0}, back: {lost: 0}}},
    })
    expect(eventsOf(result, 'turn_allocation')).toMatchObject([{ok: true}])
    expect(eventsOf(result, 'turn_echo')).toHaveLength(20)
    expect(eventsOf(result, 'turn_echo').every(({ok, value}) => ok && value !== undefined && value < 500)).toBe(true)
    expect(result.phases.filter(({state}) => state === 'skipped').map(({name}) => name)).toEqual(
      at.transport === 'tls' ? ['throughput'] : ['tls', 'throughput'],
    )
    await until(async () => (await server.openAllocations()) === 0)
    expect(await server.log()).toMatch(/username=<u>, lifetime=0/)
  })

  test('names and passwords may be of any script, and hold what URIs reserve', async () => {
    need('pion-turn') // coturn takes no such account
    const named = {username: 'Ünïcode Näme?a=b&c@d', password: 'пароль:/#[] 🔑'}
    const server = await startPion({users: {[named.username]: named.password}})
    open.push(server)
    const address = `turn:127.0.0.1:${server.port}`
    const result = await attemptOn(turn, {address, options: {credentials: named, packets: 3}})
    expect(result).toMatchObject({ok: true, facts: {loss: 0}})
  })

  test('a shared secret mints credentials', async () => {
    const server = await coturn({secret: 'north'})
    const options = {credentials: {secret: 'north', user: 'näme?a=b&c', ttl: '2m'}, echo: false}
    const result = await attemptOn(turn, {address: addressOf(server), options})
    expect(result).toMatchObject({ok: true, facts: {credential_expires_in_s: 120}})
    expect(await server.log()).toMatch(/username=<\d{10}:näme\?a=b&c>/)
  })

  test('without an echo its phases say why they were skipped', async () => {
    const server = await coturn()
    const result = await attemptOn(turn, {address: addressOf(server), options: {credentials, echo: false}})
    expect(result).toMatchObject({ok: true})
    expect(eventsOf(result, 'turn_echo')).toEqual([])
    expect(result.phases.find(({name}) => name === 'echo')).toEqual({
      name: 'echo',
      ms: 0,
      state: 'skipped',
      why: 'echo is off',
    })
  })

  test('nonces that live a second are renewed, at the release too', async () => {
    const server = await coturn({args: ['--stale-nonce=1']})
    const options = {credentials, packets: 25, interval: '100ms'}
    expect(await attemptOn(turn, {address: addressOf(server), options})).toMatchObject({ok: true, facts: {loss: 0}})
    expect(await server.log()).toMatch(/error 438/)
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('a server that asks nobody who he is is an open relay', async () => {
    const server = await coturn({users: {}})
    const result = await attemptOn(turn, {address: addressOf(server), options: {packets: 3}})
    expect(result).toMatchObject({ok: true, facts: {open_relay: true, loss: 0}})
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('peers that the server forbids take the echo away, not the allocation', async () => {
    const server = await coturn({loopbackPeers: false})
    const result = await attemptOn(turn, {address: addressOf(server), options: {credentials}})
    expect(result).toMatchObject({ok: true, facts: {relay_to_relay: false}})
    expect(result.phases.find(({name}) => name === 'echo')?.why).toBe(
      'the server does not relay to its own relays: CreatePermission refused (403 Forbidden IP)',
    )
    expect(result.events.map(({indicator}) => indicator)).toEqual(['turn_allocation', 'attempt'])
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('a quota of one allocation takes the echo away', async () => {
    const server = await coturn({args: ['--user-quota=1']})
    const result = await attemptOn(turn, {address: addressOf(server), options: {credentials}})
    expect(result).toMatchObject({ok: true})
    expect(result.phases.find(({name}) => name === 'echo')?.why).toMatch(/no second allocation for the echo: .*486/)
  })
})

describe('a server that goes away in the middle of the echo', () => {
  test.each([
    {transport: 'udp', codes: ['refused']},
    {transport: 'tcp', codes: ['closed', 'reset']},
  ] as const)('over $transport ends the attempt at once', async ({transport, codes}) => {
    const server = await startCoturn()
    const attempt = attemptOn(turn, {address: addressOf(server, transport), options: {credentials, packets: 500}})
    await until(async () => [...(await server.log()).matchAll(/CHANNEL_BIND processed, success/g)].length === 2)
    await server.close()
    const result = await attempt
    expect(result).toMatchObject({ok: false, failure: {phase: 'echo'}})
    expect(codes).toContain(result.ok ? '' : result.failure.code)
    expect(eventsOf(result, 'turn_echo')).toHaveLength(500)
    expect(result.totalMs).toBeLessThan(3000)
  })
})

async function coturn(options: CoturnOptions = {}): Promise<Coturn> {
  const server = await startCoturn(options)
  open.push(server)
  return server
}

function addressOf({ip, port, tlsPort}: Coturn, transport: 'udp' | 'tcp' | 'tls' = 'udp'): string {
  const host = ip.includes(':') ? `[${ip}]` : ip
  return transport === 'tls' ? `turns:${host}:${tlsPort}` : `turn:${host}:${port}?transport=${transport}`
}

function eventsOf(result: AttemptResult, indicator: string): AttemptResult['events'] {
  return result.events.filter((event) => event.indicator === indicator)
}
