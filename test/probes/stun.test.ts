import {afterEach, describe, expect, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {startCoturn, type Coturn, type CoturnOptions} from '../fixtures/coturn.ts'
import {
  closedUdp,
  garbageTcp,
  garbageUdp,
  silentUdp,
  tcpFault,
  udpFault,
  type FaultServer,
} from '../fixtures/fault-server.ts'
import {slow, udpProxy} from '../fixtures/proxy.ts'
import {refused, stunServer, success, type Behaviour} from '../fixtures/stun-faults.ts'
import {need} from '../setup/need.ts'
import {describeProbeConformance, SLOW_MS} from './conformance.ts'

const {stun} = probes
const open: {close(): Promise<void>}[] = []
afterEach(async () => {
  for (const server of open.splice(0).reverse()) await server.close()
})
function opened<Server extends {close(): Promise<void>}>(server: Server): Server {
  open.push(server)
  return server
}

describe('against coturn', () => {
  need('turnserver')

  describeProbeConformance({
    probe: stun,
    address: (port) => `stun:127.0.0.1:${port}`,
    good: async () => addressed(await startCoturn()),
    slow: async () => {
      const coturn = await startCoturn()
      const proxy = await udpProxy({to: coturn, fate: slow(SLOW_MS)})
      return {
        address: `stun:127.0.0.1:${proxy.port}`,
        async close() {
          await proxy.close()
          await coturn.close()
        },
      }
    },
    faults: {
      refused: {serve: closedUdp, codes: ['refused']},
      silent: {serve: silentUdp, codes: ['timeout']},
      garbage: {serve: garbageUdp, codes: ['not_stun']},
      reset: {serve: vanishing, codes: ['refused']},
    },
    silenceMs: 800,
  })

  test.each(['127.0.0.1', '::1'])('a Binding over udp and tcp to %s tells our own address', async (ip) => {
    const {port} = await coturn({ip})
    const host = ip === '::1' ? '[::1]' : ip
    for (const transport of ['udp', 'tcp']) {
      const result = await attemptOn(stun, {address: `stun:${host}:${port}`, options: {transport}})
      expect(result).toMatchObject({ok: true, events: [{indicator: 'stun_binding', ok: true}, {indicator: 'attempt'}]})
      expect(result.facts.mapped_address).toMatch(ip === '::1' ? /^\[::1\]:\d+$/ : /^127\.0\.0\.1:\d+$/)
      expect(result.facts.software).toMatch(/Coturn/)
      expect(result.events[0]?.value).toBeGreaterThan(0)
    }
  })

  test('a bare host is asked over udp', async () => {
    const {port} = await coturn()
    expect(await attemptOn(stun, {address: `127.0.0.1:${port}`})).toMatchObject({ok: true})
  })

  test('stuns: is TLS, its certificate verified and shown', async () => {
    const certificate = await makeCertificate()
    const {tlsPort} = await coturn({certificate})
    const address = `stuns:127.0.0.1:${tlsPort}`
    const trusted = await attemptOn(stun, {address, options: {ca: certificate.ca}})
    expect(trusted).toMatchObject({ok: true, facts: {tls_subject: 'localhost'}})
    const untrusted = await attemptOn(stun, {address})
    expect(untrusted).toMatchObject({ok: false, failure: {code: 'tls_untrusted', phase: 'tls'}})
  })

  test("a second address of the server's is a fact (RFC 5780)", async () => {
    const {port} = await coturn({args: ['--listening-ip=127.0.0.2']})
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`})
    expect(result.facts.other_address).toMatch(/^127\.0\.0\.2:\d+$/)
  })

  test('a Binding that wants credentials is named as that', async () => {
    const {port} = await coturn({args: ['--secure-stun']})
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`})
    expect(result).toMatchObject({
      ok: false,
      failure: {code: 'stun_error', message: 'the server refuses the Binding request (401 Unauthorized)'},
      facts: {error_code: 401},
    })
  })
})

describe('what a broken server does is told in milliseconds', () => {
  const mute: Behaviour = () => {}
  test.each<{title: string; serve: () => Promise<FaultServer>; transport?: string; code: string; message: RegExp}>([
    {
      title: 'a success without an address',
      serve: () => stunServer('udp', (exchange) => exchange.say(success(exchange))),
      code: 'stun_malformed',
      message: /expected XOR-MAPPED-ADDRESS/,
    },
    {
      title: 'an error without ERROR-CODE',
      serve: () => stunServer('udp', (exchange) => exchange.say(refused(exchange))),
      code: 'stun_malformed',
      message: /expected ERROR-CODE/,
    },
    {
      title: 'an attribute longer than its message',
      serve: () => stunServer('udp', (exchange) => exchange.say(overlong(success(exchange, [['SOFTWARE', 'x']])))),
      code: 'stun_malformed',
      message: /well-formed STUN message, got bytes 01 01/,
    },
    {
      title: 'an HTTP server',
      transport: 'tcp',
      serve: () => tcpFault((socket) => socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))),
      code: 'not_stun',
      message: /expected a STUN message, got "HTTP\/1.1 400 Bad Request"/,
    },
    {title: 'garbage over tcp', transport: 'tcp', serve: garbageTcp, code: 'not_stun', message: /got bytes 07 de ad/},
    {
      title: 'a greeting before we asked',
      transport: 'tcp',
      serve: () => tcpFault((socket) => void socket.write('SSH-2.0-OpenSSH_9.2\r\n')),
      code: 'not_stun',
      message: /got "SSH-2.0-OpenSSH_9.2"/,
    },
    {
      title: 'a connection closed without a byte',
      transport: 'tcp',
      serve: () => stunServer('tcp', (exchange) => exchange.hangUp()),
      code: 'closed',
      message: /closed the connection without a byte/,
    },
  ])('$title', async ({serve, transport, code, message}) => {
    const {port} = opened(await serve())
    const address = `stun:127.0.0.1:${port}`
    const result = await attemptOn(stun, {address, ...(transport && {options: {transport}})})
    expect(result).toMatchObject({ok: false, failure: {code, phase: 'binding'}})
    expect(result.ok ? '' : result.failure.message).toMatch(message)
    expect(result.totalMs).toBeLessThan(4000)
  })

  test('silence tells how often we asked', async () => {
    const {port} = opened(await stunServer('udp', mute))
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`, timeoutMs: 1700})
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: 'timeout',
        message: expect.stringMatching(/^no answer to 3 Binding requests within [\d.]+ s$/) as string,
      },
    })
  })

  test('a first request that got lost is sent again, and shows', async () => {
    let asked = 0
    const {port} = opened(
      await stunServer('udp', (exchange) => {
        if (++asked > 1) exchange.say(success(exchange, [['XOR-MAPPED-ADDRESS', ['192.0.2.7', 4711]]]))
      }),
    )
    const result = await attemptOn(stun, {address: `stun:127.0.0.1:${port}`})
    expect(result).toMatchObject({ok: true, facts: {mapped_address: '192.0.2.7:4711', requests_sent: 2}})
    expect(result.events[0]?.value).toBeGreaterThanOrEqual(499)
  })

  test('an answer to another request is not ours', async () => {
    const {port} = opened(
      await stunServer('udp', (exchange) => {
        const {request} = exchange
        const id = Buffer.from(request.transactionId.map((byte) => byte ^ 0xff))
        exchange.say(
          success({...exchange, request: Object.assign(Object.create(request) as typeof request, {transactionId: id})}),
        )
        exchange.say(success(exchange, [['XOR-MAPPED-ADDRESS', ['192.0.2.7', 4711]]]))
      }),
    )
    expect(await attemptOn(stun, {address: `stun:127.0.0.1:${port}`})).toMatchObject({ok: true})
  })
})

function coturn(options?: CoturnOptions): Promise<Coturn> {
  return startCoturn(options).then(opened)
}

function addressed(server: Coturn): {address: string; close(): Promise<void>} {
  return {address: `stun:${server.ip}:${server.port}`, close: () => server.close()}
}

/** A server that goes away at the first datagram: the second finds its port closed. */
async function vanishing(): Promise<FaultServer> {
  const server = await udpFault(() => void server.close())
  return {...server, close: () => Promise.resolve()}
}

/** Claims ten thousand bytes for the first attribute. */
function overlong(message: Buffer): Buffer {
  message.writeUInt16BE(10_000, 22)
  return message
}
