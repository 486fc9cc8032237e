import {describe, expect, test} from 'vitest'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn, until} from '../fixtures/coturn.ts'
import {startNat, type NatBehaviour} from '../fixtures/nat.ts'
import {stunServer, success} from '../fixtures/stun-faults.ts'
import {watchTimers} from '../fixtures/timers.ts'
import {need} from '../setup/need.ts'

const {stun} = probes

describe('coturn with two addresses, and nothing on the way', () => {
  need('turnserver')

  test('is no NAT and no filter', async () => {
    const {port} = closing(await startCoturn({args: ['--listening-ip=127.0.0.2']}))
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`, options: {nat: true}})
    expect(result).toMatchObject({
      ok: true,
      facts: {behind_nat: false, nat_mapping: 'no NAT', nat_filtering: 'endpoint-independent', nat_hairpin: true},
    })
  })

  test('with one address leaves mapping and filtering unknown, and says so', async () => {
    const {port} = closing(await startCoturn({args: ['--no-rfc5780']}))
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`, options: {nat: true}})
    expect(result).toMatchObject({
      ok: true,
      facts: {nat_hairpin: true, nat_unknown: expect.stringContaining('RFC 5780') as string},
    })
    expect(Object.keys(result.facts)).not.toContain('nat_mapping')
  })

  test('over tcp there is nothing to measure', async () => {
    const {port} = closing(await startCoturn())
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`, options: {nat: true, transport: 'tcp'}})
    expect(result.phases.find(({name}) => name === 'nat')).toMatchObject({
      state: 'skipped',
      why: expect.stringContaining('UDP') as string,
    })
  })
})

describe('a NAT is told by what it does', () => {
  test.each<NatBehaviour>([
    {mapping: 'endpoint-independent', filtering: 'endpoint-independent', hairpin: true},
    {mapping: 'endpoint-independent', filtering: 'address-and-port-dependent', hairpin: false},
    {mapping: 'address-dependent', filtering: 'address-dependent', hairpin: true},
    {mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent', hairpin: false},
  ])('mapping $mapping, filtering $filtering, hairpin $hairpin', async (behaviour) => {
    const {port} = closing(await startNat(behaviour))
    const address = `stun:127.0.0.1:${port}`
    const {result, left} = await watchTimers(() => attemptOn(stun, {address, options: {nat: true}}))
    expect(result).toMatchObject({
      ok: true,
      facts: {
        behind_nat: true,
        nat_mapping: behaviour.mapping,
        nat_filtering: behaviour.filtering,
        nat_hairpin: behaviour.hairpin,
      },
    })
    await until(() => Promise.resolve(left() === 0))
  })

  test('a server that does not know CHANGE-REQUEST proves nothing of the filter', async () => {
    const kind = {
      mapping: 'endpoint-independent',
      filtering: 'endpoint-independent',
      hairpin: true,
      deaf: true,
    } as const
    const {port} = closing(await startNat(kind))
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`, options: {nat: true}})
    expect(result.facts.nat_filtering).toBe('unknown: it answers from the address that was asked')
  })

  test('a second address that does not answer leaves the mapping unknown', async () => {
    const {port} = closing(
      await stunServer('udp', (exchange) =>
        exchange.say(
          success(exchange, [
            ['XOR-MAPPED-ADDRESS', ['127.0.0.4', exchange.clientPort]],
            ['OTHER-ADDRESS', ['127.0.0.5', 9]],
          ]),
        ),
      ),
    )
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`, options: {nat: true}})
    expect(result).toMatchObject({ok: true, facts: {nat_mapping: 'unknown: its other address does not answer'}})
  })
})
