import {createServer as createTlsServer} from 'node:tls'
import {once} from 'node:events'
import type {AddressInfo} from 'node:net'
import {afterEach, describe, expect, test} from 'vitest'
import type {AttemptResult} from '../../src/core/result.ts'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {makeIntegrityKey, methods} from '../../src/demo/turn/codec.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closedTcp, closedUdp, garbageUdp, tcpFault, type FaultServer} from '../fixtures/fault-server.ts'
import {
  allocated,
  challenged,
  challengeWith,
  isAllocate,
  KEY,
  refused,
  stunServer,
  success,
  type Behaviour,
} from '../fixtures/stun-faults.ts'

const {turn} = probes
const credentials = {username: 'u', password: 'p'}
const open: {close(): Promise<void>}[] = []
afterEach(async () => {
  for (const server of open.splice(0)) await server.close()
})

interface Case {
  readonly title: string
  readonly behave: Behaviour
  readonly code: string
  readonly phase: string
  readonly message: string | RegExp
}

const refuse = (code: number, reason: string) =>
  challenged((exchange) => exchange.say(refused(exchange, [code, reason])))

const refusals: readonly Case[] = [
  {
    title: '400 after a challenge is read both ways',
    behave: refuse(400, ''),
    code: 'turn_unauthorized',
    phase: 'allocate',
    message: 'the server refuses the signed request (400): it rejects the credentials, or takes them for ill-formed',
  },
  {
    title: '403',
    behave: refuse(403, 'Forbidden\0'),
    code: 'turn_forbidden',
    phase: 'allocate',
    message: /forbids .* \(403 Forbidden\)$/,
  },
  {
    title: '437 from every port',
    behave: refuse(437, 'Allocation Mismatch'),
    code: 'turn_allocation_mismatch',
    phase: 'allocate',
    message: /437 Allocation Mismatch/,
  },
  {
    title: '438 for ever',
    behave: challenged((exchange) =>
      exchange.say(refused(exchange, [438, 'Stale Nonce'], challengeWith(`nonce-${Math.random()}`))),
    ),
    code: 'turn_stale_nonce',
    phase: 'allocate',
    message: /every nonce stale \(438 Stale Nonce\)/,
  },
  {
    title: '438 without a fresh nonce',
    behave: refuse(438, 'Stale Nonce'),
    code: 'turn_stale_nonce',
    phase: 'allocate',
    message: /438/,
  },
  {
    title: '442',
    behave: refuse(442, 'Unsupported'),
    code: 'turn_unsupported_transport',
    phase: 'allocate',
    message: /442/,
  },
  {title: '486', behave: refuse(486, 'Quota'), code: 'turn_quota', phase: 'allocate', message: /quota .*486 Quota/},
  {title: '508', behave: refuse(508, 'Full'), code: 'turn_capacity', phase: 'allocate', message: /capacity .*508 Full/},
  {
    title: 'an error that no RFC knows',
    behave: refuse(599, 'Teapot'),
    code: 'stun_error',
    phase: 'allocate',
    message: 'the server refuses Allocate (599 Teapot)',
  },
  {
    title: '300 that names no other server',
    behave: (exchange) => exchange.say(refused(exchange, [300, 'Try Alternate'])),
    code: 'turn_redirected',
    phase: 'challenge',
    message: 'the server sends its clients to no named server (300 Try Alternate)',
  },
  {
    title: '401 without a nonce',
    behave: (exchange) => exchange.say(refused(exchange, [401, 'Unauthorized'])),
    code: 'stun_malformed',
    phase: 'challenge',
    message: /expected REALM and NONCE/,
  },
  {
    title: 'an error without ERROR-CODE',
    behave: (exchange) => exchange.say(refused(exchange)),
    code: 'stun_malformed',
    phase: 'challenge',
    message: /expected ERROR-CODE/,
  },
  {
    title: 'a success without a relayed address',
    behave: challenged((exchange) => exchange.say(success(exchange, [['LIFETIME', 600]], KEY))),
    code: 'stun_malformed',
    phase: 'allocate',
    message: /expected XOR-RELAYED-ADDRESS/,
  },
  {
    title: "a success signed with another's key",
    behave: challenged((exchange) => exchange.say(success(exchange, allocated, makeIntegrityKey('u', 'fault', 'q')))),
    code: 'stun_integrity',
    phase: 'allocate',
    message: /wrong MESSAGE-INTEGRITY/,
  },
]

describe.each(['udp', 'tcp'] as const)('refusals over %s, told in milliseconds', (protocol) => {
  test.each(refusals)('$title', async ({behave, code, phase, message}) => {
    const result = await attemptOnServer(await stunServer(protocol, behave), protocol)
    expect(result).toMatchObject({ok: false, failure: {code, phase}})
    if (!result.ok) expect(result.failure.message).toMatch(message)
    expect(result.totalMs).toBeLessThan(4000)
  })
})

describe('what is no TURN server, told in milliseconds', () => {
  const hello = Buffer.from('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n')
  test.each<{title: string; serve: () => Promise<FaultServer>; protocol: 'udp' | 'tcp'; code: string; message: RegExp}>(
    [
      {
        title: 'a closed UDP port',
        serve: closedUdp,
        protocol: 'udp',
        code: 'refused',
        message: /ICMP port unreachable/,
      },
      {title: 'a closed TCP port', serve: closedTcp, protocol: 'tcp', code: 'refused', message: /refused/},
      {title: 'garbage', serve: garbageUdp, protocol: 'udp', code: 'not_stun', message: /got bytes 07 de ad be ef/},
      {
        title: 'an HTTP server',
        serve: () => tcpFault((socket) => socket.once('data', () => socket.end(hello))),
        protocol: 'tcp',
        code: 'not_stun',
        message: /got "HTTP\/1.1 400 Bad Request"/,
      },
      {
        title: 'a TLS port that says so in an alert',
        serve: () => tcpFault((socket) => socket.once('data', () => socket.end(Buffer.from('15030300020246', 'hex')))),
        protocol: 'tcp',
        code: 'not_stun',
        message: /got bytes 15 03 03 00 02 02 46/,
      },
      {
        title: 'a connection closed after the challenge',
        serve: () =>
          stunServer(
            'tcp',
            challenged((exchange) => exchange.hangUp()),
          ),
        protocol: 'tcp',
        code: 'closed',
        message: /^the server closed the connection$/,
      },
    ],
  )('$title', async ({serve, protocol, code, message}) => {
    const result = await attemptOnServer(await serve(), protocol)
    expect(result).toMatchObject({ok: false, failure: {code}})
    if (!result.ok) expect(result.failure.message).toMatch(message)
    expect(result.totalMs).toBeLessThan(4000)
  })

  test('a TLS port that waits for the rest of what it takes for a record', async () => {
    const result = await attemptOnServer(await tlsServer(), 'tcp', {timeoutMs: 1000, options: {echo: false}})
    expect(result).toMatchObject({ok: false, failure: {code: 'timeout', phase: 'challenge'}})
    expect(result.ok ? '' : result.failure.hint).toMatch(/is this a TLS port/)
  })

  test('a plain port spoken to in TLS', async () => {
    const server = opened(
      await stunServer(
        'tcp',
        challenged(() => {}),
      ),
    )
    const result = await attemptOn(turn, {address: `turns:127.0.0.1:${server.port}`, options: {credentials}})
    expect(result).toMatchObject({ok: false, failure: {code: 'not_tls', phase: 'tls'}})
  })

  test('a name that no resolver knows', async () => {
    const result = await attemptOn(turn, {address: 'turn:no-such-host.invalid', options: {credentials}})
    expect(result).toMatchObject({ok: false, failure: {phase: 'resolve'}})
    expect(['dns_not_found', 'dns_failed']).toContain(result.ok ? '' : result.failure.code)
  })

  test('silence after the challenge tells which request and how often', async () => {
    const server = await stunServer(
      'udp',
      challenged(() => {}),
    )
    const result = await attemptOnServer(server, 'udp', {timeoutMs: 1200, options: {echo: false}})
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: 'timeout',
        phase: 'allocate',
        message: expect.stringMatching(/^no answer to \d Allocate requests within [\d.]+ s$/) as string,
      },
    })
  })
})

describe('what other servers do, and an allocation survives', () => {
  test('437 is tried from other ports, three at most', async () => {
    const ports = new Set<number>()
    const server = await stunServer(
      'udp',
      challenged((exchange) => {
        ports.add(exchange.clientPort)
        exchange.say(
          ports.size <= 3 ? refused(exchange, [437, 'Allocation Mismatch']) : success(exchange, allocated, KEY),
        )
      }),
    )
    expect(await attemptOnServer(server, 'udp', {options: {echo: false}})).toMatchObject({ok: true})
    expect(ports.size).toBe(4)
  })

  test('an IPv6 relay is asked for only after 440', async () => {
    const families: unknown[] = []
    const server = await stunServer(
      'udp',
      challenged((exchange) => {
        const family: unknown = exchange.request.getAttributeValue('REQUESTED-ADDRESS-FAMILY')
        if (isAllocate(exchange)) families.push(family)
        exchange.say(family || !isAllocate(exchange) ? success(exchange, allocated, KEY) : refused(exchange, [440, '']))
      }),
    )
    expect(await attemptOnServer(server, 'udp', {options: {echo: false}})).toMatchObject({ok: true})
    expect(families).toEqual([undefined, 0x02000000])
  })

  test('a success that is not signed is a finding', async () => {
    const server = await stunServer(
      'udp',
      challenged((exchange) => exchange.say(success(exchange, allocated))),
    )
    expect(await attemptOnServer(server, 'udp', {options: {echo: false}})).toMatchObject({
      ok: true,
      facts: {unsigned_success: 'Allocate, Refresh'},
    })
  })

  test('a nonce that is new in every answer is followed', async () => {
    let issued = 0
    const server = await stunServer('udp', (exchange) => {
      const nonce = exchange.request.getAttributeValue('NONCE') as Buffer | undefined
      const settled = nonce?.toString() === `n${issued}` && issued >= 3
      if (settled) exchange.say(success(exchange, allocated, KEY))
      else if (exchange.signed) exchange.say(refused(exchange, [438, ''], challengeWith(`n${++issued}`)))
      else exchange.say(refused(exchange, [401, ''], challengeWith('n0')))
    })
    expect(await attemptOnServer(server, 'udp', {options: {echo: false}})).toMatchObject({ok: true})
  })

  test.each<{title: string; answer: Behaviour}>([
    {title: 'silence', answer: () => {}},
    {title: 'a closed connection', answer: (exchange) => exchange.hangUp()},
    {title: 'a refusal', answer: (exchange) => exchange.say(refused(exchange, [437, 'no allocation']))},
  ])('$title in answer to the release is no fault of the service', async ({title, answer}) => {
    const server = await stunServer(
      'tcp',
      challenged((exchange) => {
        if (isAllocate(exchange)) exchange.say(success(exchange, allocated, KEY))
        else answer(exchange)
      }),
    )
    const result = await attemptOnServer(server, 'tcp', {options: {echo: false}})
    expect(result).toMatchObject({ok: true, facts: {release: title === 'a refusal' ? 'refused' : 'no answer'}})
    expect(result.totalMs).toBeLessThan(4000)
  })

  test.each<{title: string; answer: Behaviour; why: RegExp}>([
    {
      title: '403 without a signature',
      answer: (exchange) => exchange.say(refused(exchange, [403, 'Forbidden'])),
      why: /CreatePermission refused \(403 Forbidden, unsigned\)/,
    },
    {
      title: '443',
      answer: (exchange) => exchange.say(refused(exchange, [443, ''])),
      why: /CreatePermission refused \(443, unsigned\)/,
    },
    {
      title: '401 without a nonce',
      answer: (exchange) => exchange.say(refused(exchange, [401, 'Unauthorized'])),
      why: /CreatePermission refused \(401 Unauthorized, unsigned\)/,
    },
    {
      title: 'an error without ERROR-CODE',
      answer: (exchange) => exchange.say(refused(exchange)),
      why: /CreatePermission refused \(an error without ERROR-CODE, unsigned\)/,
    },
  ])('$title to a permission and a channel skips the echo', async ({answer, why}) => {
    const server = await stunServer('udp', relaying(answer, answer))
    const result = await attemptOnServer(server, 'udp')
    expect(result).toMatchObject({ok: true, facts: {relay_to_relay: false}})
    expect(result.phases.find(({name}) => name === 'echo')?.why).toMatch(why)
  })

  test('a server that knows no permissions and keeps silent about them is asked for a channel', async () => {
    const well: Behaviour = (exchange) => exchange.say(success(exchange, [], KEY))
    const server = await stunServer(
      'udp',
      relaying(() => {}, well),
    )
    expect((await attemptOnServer(server, 'udp', {options: {packets: 1}})).facts).toMatchObject({
      echo_path: 'relay to relay by channel',
      permission_refused: expect.stringMatching(
        /^no answer to \d CreatePermission requests within [\d.]+ s$/,
      ) as string,
    })
  })

  test('an allocation that comes too late is given back unasked', async () => {
    const refreshed = Promise.withResolvers<unknown>()
    const server = await stunServer('udp', (exchange) => {
      if (isAllocate(exchange)) challenged(() => {})(exchange)
      else refreshed.resolve(exchange.request.getAttributeValue('LIFETIME'))
    })
    const result = await attemptOnServer(server, 'udp', {timeoutMs: 1000, options: {echo: false}})
    expect(result).toMatchObject({ok: false, failure: {code: 'timeout', phase: 'allocate'}})
    expect(await refreshed.promise).toBe(0)
  })

  test('all packets lost is a failure of the echo, each packet bad', async () => {
    const well: Behaviour = (exchange) => exchange.say(success(exchange, [], KEY))
    const result = await attemptOnServer(await stunServer('udp', relaying(well, well)), 'udp', {options: {packets: 4}})
    expect(result).toMatchObject({
      ok: false,
      failure: {code: 'turn_lost', phase: 'echo', message: 'all 4 packets were lost between two relays of the server'},
      facts: {loss: 1},
    })
    expect(result.events.filter(({indicator}) => indicator === 'turn_echo')).toHaveLength(4)
    expect(result.events[0]).toMatchObject({indicator: 'turn_allocation', ok: true})
  })

  test('without channels the echo goes by indication, without permissions by channel alone', async () => {
    const well: Behaviour = (exchange) => exchange.say(success(exchange, [], KEY))
    const ill: Behaviour = (exchange) => exchange.say(refused(exchange, [400, 'Bad Request']))
    const byIndication = await attemptOnServer(await stunServer('udp', relaying(well, ill)), 'udp', {
      options: {packets: 2},
    })
    expect(byIndication.facts).toMatchObject({
      echo_path: 'relay to relay by indication',
      channel_refused: 'ChannelBind refused (400 Bad Request, unsigned)',
    })
    const byChannel = await attemptOnServer(await stunServer('udp', relaying(ill, well)), 'udp', {
      options: {packets: 2},
    })
    expect(byChannel.facts).toMatchObject({
      echo_path: 'relay to relay by channel',
      permission_refused: 'CreatePermission refused (400 Bad Request, unsigned)',
    })
  })
})

/** Allocates and releases, and answers the two steps between as told. Relays nothing. */
function relaying(permission: Behaviour, channel: Behaviour): Behaviour {
  return challenged((exchange) => {
    const {messageMethod} = exchange.request
    if (messageMethod === methods.CREATE_PERMISSION) permission(exchange)
    else if (messageMethod === methods.CHANNEL_BIND) channel(exchange)
    else exchange.say(success(exchange, allocated, KEY))
  })
}

async function attemptOnServer(
  server: FaultServer,
  protocol: 'udp' | 'tcp',
  {timeoutMs = 8000, options = {}}: {timeoutMs?: number; options?: Record<string, unknown>} = {},
): Promise<AttemptResult> {
  opened(server)
  const address = `turn:127.0.0.1:${server.port}?transport=${protocol}`
  return attemptOn(turn, {address, options: {credentials, ...options}, timeoutMs})
}

function opened<Server extends {close(): Promise<void>}>(server: Server): Server {
  open.push(server)
  return server
}

async function tlsServer(): Promise<FaultServer> {
  const server = createTlsServer(await makeCertificate())
  server.on('tlsClientError', () => {}).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    contacted: Promise.resolve(),
    close: () => new Promise((closed) => void server.close(() => closed())),
  }
}
