import {beforeAll, describe, expect, test} from 'vitest'
import type {AttemptResult} from '../../src/core/result.ts'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import type {Cell} from '../../src/probes/turn/matrix/cell.ts'
import {matrixGrid} from '../../src/reporters/matrix.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn, until} from '../fixtures/coturn.ts'
import {startDnsmasq} from '../fixtures/dnsmasq.ts'
import {silentUdp} from '../fixtures/fault-server.ts'
import {tcpProxy} from '../fixtures/proxy.ts'
import {need} from '../setup/need.ts'

const {turn} = probes
const credentials = {username: 'u', password: 'p'}

const cellsOf = (result: AttemptResult) => (result.details?.matrix ?? []) as unknown as readonly Cell[]
const rowsOf = (result: AttemptResult) =>
  cellsOf(result).map(({transport, server, outcome}) => {
    return `${transport} ${server} ${outcome.works ? 'works' : outcome.failure.code}`
  })

describe('every way to a TURN server, side by side', () => {
  need('turnserver')
  let certificate: Certificate
  beforeAll(async () => {
    certificate = await makeCertificate()
  })

  test('a quota of one is taken by one way after the other', async () => {
    const {port} = closing(await startCoturn({args: ['--user-quota=1']}))
    const result = await attemptOn(turn, {address: `turn:127.0.0.1:${port}`, options: {credentials, matrix: []}})
    expect(rowsOf(result)).toEqual([`udp 127.0.0.1:${port} works`, `tcp 127.0.0.1:${port} works`])
  })

  test('a firewall that swallows UDP is a fact of the network, and TCP works', async () => {
    const server = closing(await startCoturn())
    const firewall = closing(await silentUdp())
    const open = closing(await tcpProxy({to: server}))
    const address = `turn:127.0.0.1:${firewall.port}?transport=udp`
    const options = {credentials, matrix: [`turn:127.0.0.1:${open.port}?transport=tcp`]}
    const result = await attemptOn(turn, {address, options})
    const network = `UDP blocked here (silence on ${firewall.port}), TCP ${open.port} works`
    expect(result).toMatchObject({ok: true, facts: {udp: 'blocked', tcp: 'works', network, ways: 2, ways_working: 1}})
    expect(rowsOf(result)).toEqual([`udp 127.0.0.1:${firewall.port} timeout`, `tcp 127.0.0.1:${open.port} works`])
    const lines = matrixGrid(result, {}).split('\n')
    expect(lines[0]).toMatch(/^uri +over +server +allocation +relay +IPv6 relay$/)
    expect(lines[1]).toMatch(/udp .* challenge: no answer to \d Allocate requests within \d/)
    expect(lines[2]).toMatch(/tcp .* \d+\.\d ms +127\.0\.0\.1:\d+/)
    expect(lines[3]).toBe(network)
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('a URI without a transport means udp and tcp, turns: means TLS, and an IPv6 relay is found where there is one', async () => {
    const server = closing(await startCoturn({certificate, args: ['--relay-ip=::1']}))
    const options = {credentials, ca: certificate.ca, matrix: [`turns:127.0.0.1:${server.tlsPort}`]}
    const result = await attemptOn(turn, {address: `turn:127.0.0.1:${server.port}`, options})
    expect(rowsOf(result)).toEqual([
      `udp 127.0.0.1:${server.port} works`,
      `tcp 127.0.0.1:${server.port} works`,
      `tls 127.0.0.1:${server.tlsPort} works`,
    ])
    for (const {outcome} of cellsOf(result)) {
      expect(outcome).toMatchObject({
        relayed_address: expect.stringMatching(/^127\.0\.0\.1:/) as string,
        ipv6_relay: expect.stringMatching(/^\[::1\]:\d+$/) as string,
      })
    }
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('a name means each of its addresses, of both IP versions, and a way that two URIs mean is tried once', async () => {
    need('dnsmasq')
    const server = closing(await startCoturn({args: ['--listening-ip=::1']}))
    const dns = closing(await startDnsmasq(['host-record=example.test,127.0.0.1,::1']))
    const address = `turn:example.test:${server.port}`
    const options = {credentials, dnsServer: dns.at, matrix: [`${address}?transport=tcp`, 'turn:nowhere.test:1']}
    const result = await attemptOn(turn, {address, options})
    expect(rowsOf(result)).toEqual([
      `udp 127.0.0.1:${server.port} works`,
      `udp [::1]:${server.port} works`,
      `tcp 127.0.0.1:${server.port} works`,
      `tcp [::1]:${server.port} works`,
      'udp nowhere.test:1 dns_not_found',
      'tcp nowhere.test:1 dns_not_found',
    ])
    const one = await attemptOn(turn, {address, family: 6, options: {...options, matrix: []}})
    expect(rowsOf(one)).toEqual([`udp [::1]:${server.port} works`, `tcp [::1]:${server.port} works`])
  })

  test('where no way works the most telling cause is that of the attempt', async () => {
    const server = closing(await startCoturn())
    const firewall = closing(await silentUdp())
    const result = await attemptOn(turn, {
      address: `turn:127.0.0.1:${firewall.port}?transport=udp`,
      options: {credentials: {username: 'u', password: 'wrong'}, matrix: [`turn:127.0.0.1:${server.port}`]},
    })
    expect(result).toMatchObject({ok: false, failure: {code: 'turn_unauthorized', phase: 'allocate'}})
    expect(result.ok ? '' : result.failure.message).toMatch(/^none of 3 ways works; udp to .*: the server rejects/)
  })
})

test('a URI of the matrix that is none is told by its place', () => {
  expect(turn.options.safeParse({matrix: ['turn:127.0.0.1', 'stun:127.0.0.1']}).error?.issues).toMatchObject([
    {path: ['matrix', 1], message: expect.stringMatching(/^expected turn:HOST.*, got stun:127.0.0.1$/) as string},
  ])
})
