import {beforeAll, describe, expect, test} from 'vitest'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {dnsOptions} from '../../src/probes/dns-options.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn, type Coturn} from '../fixtures/coturn.ts'
import {startDnsmasq, type Dnsmasq} from '../fixtures/dnsmasq.ts'
import {closedUdp, garbageUdp, silentUdp} from '../fixtures/fault-server.ts'
import {need} from '../setup/need.ts'

const {stun, turn} = probes
const credentials = {username: 'u', password: 'p'}

describe('a name without a port', () => {
  need('dnsmasq')
  need('turnserver')
  let certificate: Certificate
  beforeAll(async () => {
    certificate = await makeCertificate({names: ['example.test']})
  })

  test('is the servers of its SRV records, service by service', async () => {
    const {server, dns} = await fleet()
    const {at: dnsServer} = dns
    const options = {dnsServer, credentials, packets: 3, ca: certificate.ca}
    const node = `node.example.test:${server.port}`
    for (const [address, found] of [
      ['turn:example.test', node],
      ['turn:example.test?transport=tcp', node],
      ['turns:example.test', `node.example.test:${server.tlsPort}`],
    ] as const) {
      expect(await attemptOn(turn, {address, options}), address).toMatchObject({
        ok: true,
        facts: {srv_server: found, ip: '127.0.0.1', loss: 0},
      })
    }
    const asked = await attemptOn(stun, {address: 'stun:example.test', options: {dnsServer}})
    expect(asked).toMatchObject({ok: true, facts: {srv_server: node}})
  })

  test('is the server of the best priority, the others named', async () => {
    const {server, dns} = await fleet([
      'srv-host=_stun._udp.spare.test,spare.example.test,1,20,100',
      'srv-host=_stun._udp.spare.test,node.example.test,PORT,10,0',
    ])
    const result = await attemptOn(stun, {address: 'spare.test', options: {dnsServer: dns.at}})
    expect(result).toMatchObject({ok: true, facts: {srv_server: `node.example.test:${server.port}`}})
    expect(result.details?.srv).toEqual([
      {name: 'node.example.test', port: server.port, priority: 10, weight: 0},
      {name: 'spare.example.test', port: 1, priority: 20, weight: 100},
    ])
  })

  test('both ends of an echo are on one server, however many stand behind the name', async () => {
    const other = closing(await startCoturn())
    const {server, dns} = await fleet([
      'srv-host=_turn._udp.two.test,node.example.test,PORT,10,50',
      `srv-host=_turn._udp.two.test,node.example.test,${other.port},10,50`,
    ])
    for (let round = 0; round < 6; round++) {
      const options = {dnsServer: dns.at, credentials, packets: 1}
      expect(await attemptOn(turn, {address: 'turn:two.test', options})).toMatchObject({ok: true, facts: {loss: 0}})
    }
    for (const node of [server, other]) {
      expect([...(await node.log()).matchAll(/session \d+: new,/g)].length % 2).toBe(0)
    }
  })

  test('is its own address on the port of the scheme where it has no such records, or nobody wants them', async () => {
    const {dns} = await fleet()
    for (const options of [{}, {srv: false}]) {
      const address = 'srv' in options ? 'turn:example.test' : 'turn:node.example.test'
      const all = {dnsServer: dns.at, credentials, ...options}
      const result = await attemptOn(turn, {address, options: all})
      expect(result).toMatchObject({ok: false, failure: {code: 'refused', message: /127\.0\.0\.1:3478/}})
      expect(result.facts).not.toHaveProperty('srv_server')
    }
  })

  test('that says there is no such service is believed', async () => {
    const {dns} = await fleet(['srv-host=_turn._udp.none.test'])
    const result = await attemptOn(turn, {address: 'turn:none.test', options: {dnsServer: dns.at, credentials}})
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: 'dns_not_found',
        message: 'there is no such service, says the SRV record of _turn._udp.none.test',
      },
    })
  })

  test('with a port is what it says', async () => {
    const {server, dns} = await fleet()
    const address = `stun:example.test:${server.port}`
    const result = await attemptOn(stun, {address, options: {dnsServer: dns.at}})
    expect(result).toMatchObject({ok: true, facts: {ip: '127.0.0.1'}})
    expect(result.facts).not.toHaveProperty('srv_server')
  })

  test('has the addresses of the asked IP version', async () => {
    const {dns} = await fleet()
    const on = (family: 4 | 6) =>
      attemptOn(stun, {address: 'stun:example.test:1', family, options: {dnsServer: dns.at}})
    expect((await on(6)).facts).toMatchObject({ip: '::1', ip_protocol: 6})
    expect((await on(4)).facts).toMatchObject({ip: '127.0.0.1', ip_protocol: 4})
    const unknown = await attemptOn(stun, {address: 'stun:nowhere.test:1', options: {dnsServer: dns.at}})
    expect(unknown).toMatchObject({ok: false, failure: {code: 'dns_not_found', phase: 'resolve'}})
  })

  /** A coturn, and a DNS server that knows it. PORT and TLSPORT in a record are the coturn's. */
  async function fleet(records: readonly string[] = []): Promise<{server: Coturn; dns: Dnsmasq}> {
    const server = closing(await startCoturn({certificate}))
    const services = [
      ...['stun._udp', 'turn._udp', 'turn._tcp'].map((name) => `srv-host=_${name}.example.test,node.example.test,PORT`),
      'srv-host=_turns._tcp.example.test,node.example.test,TLSPORT',
    ]
    const hosts = ['example.test', 'node.example.test'].map((name) => `host-record=${name},127.0.0.1,::1`)
    const known = [...services, ...hosts, ...records].map((record) =>
      record.replace(/\bTLSPORT\b/, String(server.tlsPort)).replace(/\bPORT\b/, String(server.port)),
    )
    return {server, dns: closing(await startDnsmasq(known))}
  }
})

describe('a DNS server that is of no use', () => {
  test.each([
    ['says nothing', silentUdp],
    ['is down', closedUdp],
    ['answers garbage', garbageUdp],
  ])('and %s ends the attempt as that, in bounded time', async (_what, serve) => {
    const {port} = closing(await serve())
    const options = {dnsServer: `127.0.0.1:${port}`}
    const result = await attemptOn(stun, {address: 'stun:example.test', options, timeoutMs: 15_000})
    expect(result).toMatchObject({ok: false, failure: {code: 'dns_failed', phase: 'resolve'}})
    expect(result.ok ? '' : result.failure.message).toContain(`127.0.0.1:${port}`)
    expect(result.facts.srv_unknown).toMatch(/_stun\._udp\.example\.test/)
  })
})

test.each([
  ['192.0.2.53', '192.0.2.53:53'],
  ['192.0.2.53:5353', '192.0.2.53:5353'],
  ['2001:db8::53', '[2001:db8::53]:53'],
  ['[2001:db8::53]:5353', '[2001:db8::53]:5353'],
])('%s is a DNS server', (text, at) => {
  expect(dnsOptions.dnsServer.parse(text)).toBe(at)
})

test.each(['dns.example.org', '192.0.2.53:0', ''])('"%s" is none', (text) => {
  expect(dnsOptions.dnsServer.safeParse(text).error?.issues).toMatchObject([
    {message: `expected the ADDRESS[:PORT] of a DNS server, got ${text || 'none'}`},
  ])
})
