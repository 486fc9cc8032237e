import {createHmac} from 'node:crypto'
import {beforeAll, describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {startTurnServer} from '../../src/demo/turn/server.ts'
import {probes} from '../../src/probes/index.ts'
import {decodeChannelData, isChannelData} from '../../src/probes/stun/channel-data.ts'
import {parseMessage} from '../../src/demo/turn/codec.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn, until, type Coturn, type CoturnOptions} from '../fixtures/coturn.ts'
import {udpProxy, type Fate} from '../fixtures/proxy.ts'
import {turnOverTcp} from '../fixtures/turn-conformance.ts'
import {need} from '../setup/need.ts'
import {describeProbeConformance} from './conformance.ts'

need('turnserver')

const {ice} = probes
const credentials = {username: 'u', password: 'p'}
let certificate: Certificate
beforeAll(async () => {
  certificate = await makeCertificate()
})

const coturn = async (options: CoturnOptions = {}): Promise<Coturn> => closing(await startCoturn(options))
const urlOf = ({ip, port, tlsPort}: Coturn, transport: 'udp' | 'tcp' | 'tls' = 'udp'): string => {
  const host = ip.includes(':') ? `[${ip}]` : ip
  return transport === 'tls' ? `turns:${host}:${tlsPort}` : `turn:${host}:${port}?transport=${transport}`
}
const eventsOf = ({events}: AttemptResult, indicator: string) => events.filter((event) => event.indicator === indicator)
const msOf = ({phases}: AttemptResult, name: string) => phases.find((phase) => phase.name === name)?.ms ?? 0

describeProbeConformance({...turnOverTcp, probe: ice, options: {credentials, messages: 3}})

describe('two peers through a relay', () => {
  test.each([
    {ip: '127.0.0.1', transport: 'udp'},
    {ip: '127.0.0.1', transport: 'tcp'},
    {ip: '127.0.0.1', transport: 'tls'},
    {ip: '::1', transport: 'udp'},
    {ip: '::1', transport: 'tls'},
  ] as const)(
    'connect over $transport to $ip, relay to relay, and leave nothing allocated',
    async ({ip, transport}) => {
      const server = await coturn({ip, certificate})
      const result = await attemptOn(ice, {
        address: urlOf(server, transport),
        options: {credentials, ca: certificate.ca},
      })
      expect(result).toMatchObject({
        ok: true,
        facts: {candidate_type_local: 'relay', candidate_type_remote: 'relay', relayed: true, loss: 0},
        details: {
          candidate_pairs: [
            {state: 'succeeded', nominated: true},
            {state: 'succeeded', nominated: true},
          ],
        },
      })
      expect(result.facts.selected_pair).toBe(
        `${result.facts.relayed_address_near} → ${result.facts.relayed_address_far}`,
      )
      expect(eventsOf(result, 'ice_connection')).toMatchObject([{ok: true}])
      expect(eventsOf(result, 'ice_echo')).toHaveLength(10)
      const skipped = result.phases.filter(({state}) => state === 'skipped').map(({name}) => name)
      expect(skipped).toEqual(transport === 'tls' ? ['hold'] : ['tls', 'hold'])
      await until(async () => (await server.openAllocations()) === 0)
    },
  )

  test('connect with a short-lived credential', async () => {
    const server = await coturn({secret: 'shared'})
    const options = {credentials: {secret: 'shared'}}
    expect(await attemptOn(ice, {address: urlOf(server), options})).toMatchObject({ok: true})
  })

  test('connect through the embedded server', async () => {
    const server = closing(await startTurnServer({users: {u: 'p'}, tls: certificate}))
    const addresses = [
      `turn:127.0.0.1:${server.udpPort}`,
      `turn:127.0.0.1:${server.tcpPort}?transport=tcp`,
      `turns:127.0.0.1:${server.tlsPort}`,
    ]
    for (const address of addresses) {
      const result = await attemptOn(ice, {address, options: {credentials, ca: certificate.ca, messages: 3}})
      expect(result).toMatchObject({ok: true, facts: {relayed: true, loss: 0}})
      expect(server.stats()).toEqual({allocations: 0})
    }
  })

  test('connect where packets overtake each other', async () => {
    const proxy = await between(() => [Math.random() * 3])
    const results: AttemptResult[] = []
    for (let n = 0; n < 5; n++)
      results.push(await attemptOn(ice, {address: proxy, options: {credentials, messages: 3}}))
    expect(results.filter(({ok}) => ok)).toHaveLength(5)
  })

  test.each([3, 10])('connect where %i percent of the packets are lost, each way', async (percent) => {
    const address = await between(() => (100 * Math.random() < percent ? DROP : PASS))
    const results: AttemptResult[] = []
    for (let n = 0; n < 5; n++)
      results.push(await attemptOn(ice, {address, options: {credentials, messages: 3}, timeoutMs: 30_000}))
    const failures = results.flatMap((result) => (result.ok ? [] : [result.failure]))
    expect(failures).toEqual([])
  })

  test('connect twenty times over, and no handle and no allocation is left', async () => {
    const server = await coturn()
    const before = handles()
    for (let n = 0; n < 20; n++) {
      const result = await attemptOn(ice, {address: urlOf(server), options: {credentials, messages: 1}})
      expect(result.ok ? undefined : result.failure).toBeUndefined()
    }
    await until(() => Promise.resolve(handles() <= before))
    await until(async () => (await server.openAllocations()) === 0)
  })
})

describe('two peers with other candidates', () => {
  test('find the direct way where all are allowed, and tell what they had', async () => {
    const server = await coturn()
    const result = await attemptOn(ice, {address: urlOf(server), options: {credentials, policy: 'all', messages: 2}})
    expect(result).toMatchObject({ok: true, facts: {relayed: false, candidate_type_local: 'host'}})
    const candidates = result.details?.candidates as {end: string; type: string; ms: number}[]
    expect(new Set(candidates.map(({end, type}) => `${end} ${type}`))).toEqual(
      new Set(['near relay', 'near host', 'near srflx', 'far relay', 'far host', 'far srflx']),
    )
    for (const {ms} of candidates) expect(ms).toBeGreaterThanOrEqual(0)
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('go on without a relay where the server refuses one, and say why', async () => {
    const options = {credentials: {username: 'u', password: 'wrong'}, policy: 'all', messages: 2}
    const result = await attemptOn(ice, {address: urlOf(await coturn()), options})
    expect(result).toMatchObject({ok: true, facts: {relayed: false}})
    expect(result.facts.relay_failure).toMatch(/^turn_unauthorized: /)
  })

  test('need no server for host candidates alone', async () => {
    const result = await attemptOn(ice, {address: 'turn:127.0.0.1:9', options: {policy: 'host', messages: 2}})
    expect(result).toMatchObject({ok: true, facts: {candidate_types: 'host', relayed: false}})
    expect(result.phases.find(({name}) => name === 'allocate')).toMatchObject({
      state: 'skipped',
      why: 'host candidates need no server',
    })
  })
})

describe('an open session', () => {
  test('is held for as long as asked', async () => {
    const result = await attemptOn(ice, {
      address: urlOf(await coturn()),
      options: {credentials, messages: 1, hold: '6s'},
    })
    expect(result).toMatchObject({ok: true})
    expect(msOf(result, 'hold')).toBeGreaterThan(5900)
    expect(result.facts.consent_checks).toBeGreaterThan(0)
    expect(result.facts.consent_answers).toBe(result.facts.consent_checks)
  })

  test('whose path goes dead is told by the consent that is lost', async () => {
    let delivered = 0
    const address = await between((datagram, direction) => {
      if (delivered === 2) return DROP // there and back again
      if (direction === 'back' && isMessage(datagram)) delivered++
      return PASS
    })
    const options = {credentials, messages: 1, hold: '20s', consentTimeout: '7s'}
    const result = await attemptOn(ice, {address, options})
    expect(result).toMatchObject({ok: false, failure: {code: 'ice_consent_lost', phase: 'hold'}})
    expect(msOf(result, 'hold')).toBeLessThan(10_000)
  })
})

describe('what the TURN server refuses', () => {
  test('a wrong password is told as that, and all that was owed is bad', async () => {
    const options = {credentials: {username: 'u', password: 'wrong'}, messages: 4}
    const result = await attemptOn(ice, {address: urlOf(await coturn()), options})
    expect(result).toMatchObject({ok: false, failure: {code: 'turn_unauthorized', phase: 'allocate'}})
    expect(eventsOf(result, 'ice_connection')).toEqual([{indicator: 'ice_connection', ok: false}])
    expect(eventsOf(result, 'ice_echo')).toEqual(Array(4).fill({indicator: 'ice_echo', ok: false}))
  })

  test('an expired credential is called that', async () => {
    const username = `${Math.floor(Date.now() / 1000) - 60}:probe`
    const password = createHmac('sha1', 'shared').update(username).digest('base64')
    const server = await coturn({secret: 'shared'})
    const result = await attemptOn(ice, {address: urlOf(server), options: {credentials: {username, password}}})
    expect(result).toMatchObject({ok: false, failure: {code: 'turn_credential_expired'}})
  })

  test('a quota of one leaves the second peer without a relay', async () => {
    const server = await coturn({args: ['--user-quota=1']})
    const result = await attemptOn(ice, {address: urlOf(server), options: {credentials}})
    expect(result).toMatchObject({ok: false, failure: {code: 'turn_quota', phase: 'allocate'}})
    expect(result.ok ? '' : result.failure.message).toMatch(/^the second peer has no relay: /)
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('peers that the server keeps apart are an ICE failure at once', async () => {
    const server = await coturn({loopbackPeers: false})
    const result = await attemptOn(ice, {address: urlOf(server), options: {credentials}})
    expect(result).toMatchObject({ok: false, failure: {code: 'ice_failed'}})
    expect(result.ok ? '' : result.failure.message).toMatch(/403/)
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('a certificate that is not trusted is a failure of TLS', async () => {
    const result = await attemptOn(ice, {address: urlOf(await coturn({certificate}), 'tls'), options: {credentials}})
    expect(result).toMatchObject({ok: false, failure: {phase: 'tls', code: 'tls_untrusted'}})
  })
})

describe('what goes wrong on the way', () => {
  test('relays that do not reach each other fail at the deadline of the checks, with the state of the pairs', async () => {
    const address = await between((datagram) => (isChannelData(datagram) ? DROP : PASS))
    const result = await attemptOn(ice, {address, options: {credentials, connectTimeout: '700ms'}})
    expect(result).toMatchObject({
      ok: false,
      failure: {code: 'ice_failed', phase: 'ice'},
      details: {candidate_pairs: [{state: 'in progress', answers_received: 0}, {state: 'in progress'}]},
    })
    expect(result.ok ? '' : result.failure.message).toMatch(/^no candidate pair works after 700 ms: .* in progress/)
    expect(msOf(result, 'ice')).toBeGreaterThan(690)
  })

  test('a handshake that stalls is begun again once, and that is told', async () => {
    const users = new Set<string>()
    const address = await between((datagram) => {
      const data = payloadOf(datagram)
      const user = data && (parseMessage(data)?.getAttributeValue('USERNAME') as string | undefined)
      if (user !== undefined) users.add(user)
      return isHandshake(data) && users.size <= 2 ? DROP : PASS // both ends of the first peers
    })
    const options = {credentials, messages: 2, handshakeTimeout: '1s'}
    const result = await attemptOn(ice, {address, options})
    expect(result).toMatchObject({ok: true, facts: {dtls_retries: 1}})
    expect(eventsOf(result, 'ice_connection')).toMatchObject([{ok: true}])
    expect(eventsOf(result, 'ice_engine')).toEqual([{indicator: 'ice_engine', ok: false}])
  })

  test('a handshake that stalls twice is a failure of the engine, named apart from the network', async () => {
    const address = await between((datagram) => (isHandshake(payloadOf(datagram)) ? DROP : PASS))
    const options = {credentials, messages: 2, handshakeTimeout: '700ms'}
    const result = await attemptOn(ice, {address, options})
    expect(result).toMatchObject({ok: false, failure: {code: 'ice_engine', phase: 'dtls'}, facts: {dtls_retries: 1}})
    expect(result.ok ? '' : result.failure.message).toMatch(/did not end within 700 ms over a working candidate pair/)
    expect(eventsOf(result, 'ice_connection')).toMatchObject([{ok: true}])
    expect(eventsOf(result, 'ice_echo')).toMatchObject([{ok: false}, {ok: false}])
  })

  test('a data channel that does not open is one, too', async () => {
    const address = await between((datagram) => (payloadOf(datagram)?.[0] === APPLICATION_DATA ? DROP : PASS))
    const options = {credentials, handshakeTimeout: '500ms'}
    const result = await attemptOn(ice, {address, options})
    expect(result).toMatchObject({
      ok: false,
      failure: {code: 'ice_engine', phase: 'data_channel'},
      facts: {data_channel_retries: 1},
    })
  })

  test('messages that are lost from the first on are bad events', async () => {
    const address = await between((datagram, direction) => (direction === 'out' && isMessage(datagram) ? DROP : PASS))
    const result = await attemptOn(ice, {address, options: {credentials, messages: 6}})
    expect(result).toMatchObject({ok: false, failure: {code: 'turn_lost', phase: 'echo'}})
    expect(eventsOf(result, 'ice_echo').map(({ok}) => ok)).toEqual(Array.from({length: 6}, () => false))
  })

  test('messages that are lost half way through are bad events', async () => {
    let messages = 0
    const address = await between((datagram, direction) =>
      direction === 'out' && isMessage(datagram) && ++messages >= 7 ? DROP : PASS,
    )
    const result = await attemptOn(ice, {address, options: {credentials, messages: 6}})
    const lost = eventsOf(result, 'ice_echo').filter(({ok}) => !ok).length
    expect([1, 2, 3, 4, 5]).toContain(lost) // three, and more where a slow machine made some be sent twice
    expect(eventsOf(result, 'ice_echo')).toHaveLength(6)
    expect(result).toMatchObject({ok: true, facts: {loss: lost / 6}})
  })

  test('a packet that is lost is no lost message: the data channel sends it again', async () => {
    let messages = 0
    const address = await between((datagram, direction) =>
      direction === 'out' && isMessage(datagram) && ++messages === 5 ? DROP : PASS,
    )
    const result = await attemptOn(ice, {address, options: {credentials, messages: 12}})
    expect(result).toMatchObject({ok: true, facts: {loss: 0}})
    expect(messages).toBeGreaterThan(5) // so the fifth was dropped
  })

  test('a server that goes away in the middle ends the attempt with that', async () => {
    const server = closing(await startTurnServer({users: {u: 'p'}}))
    const address = `turn:127.0.0.1:${server.tcpPort}?transport=tcp`
    const running = attemptOn(ice, {address, options: {credentials, messages: 500}})
    await until(() => Promise.resolve(server.stats().allocations === 2))
    await server.close()
    const result = await running
    expect(result.ok ? 'ok' : result.failure.code).toMatch(/^(closed|reset)$/)
    expect(result.totalMs).toBeLessThan(3000)
  })

  test.each<{moment: string; isReached: (datagram: Buffer) => boolean}>([
    {moment: 'checking', isReached: (datagram) => isChannelData(datagram)},
    {moment: 'shaking hands', isReached: (datagram) => isHandshake(payloadOf(datagram))},
    {moment: 'echoing', isReached: isMessage},
  ])('an abort while $moment gives back what was allocated', async ({isReached}) => {
    const abort = new AbortController()
    const server = closing(await startTurnServer({users: {u: 'p'}}))
    const fate: Fate = (datagram) => {
      if (isReached(datagram)) abort.abort(new ProbeFailure('aborted', 'interrupted'))
      return PASS
    }
    const proxy = closing(await udpProxy({to: {ip: '127.0.0.1', port: server.udpPort}, fate}))
    const address = `turn:127.0.0.1:${proxy.port}`
    const before = handles()
    const result = await attemptOn(ice, {address, options: {credentials, messages: 500}, signal: abort.signal})
    expect(result).toMatchObject({ok: false, failure: {code: 'aborted'}})
    expect(server.stats()).toEqual({allocations: 0})
    await until(() => Promise.resolve(handles() <= before + 2)) // the proxy's way to the server, one for each client
  })
})

/** The address of a proxy before a TURN server of its own. */
async function between(fate: Fate): Promise<string> {
  const server = closing(await startTurnServer({users: {u: 'p'}}))
  const proxy = closing(await udpProxy({to: {ip: '127.0.0.1', port: server.udpPort}, fate}))
  return `turn:127.0.0.1:${proxy.port}`
}

const PASS = [0]
const DROP: readonly number[] = []

function payloadOf(datagram: Buffer): Buffer | undefined {
  return isChannelData(datagram) ? decodeChannelData(datagram)?.data : undefined
}

/** One message of the echo: 13 bytes of DTLS header, 24 of nonce and tag, 28 of SCTP, 20 of message; or several at once. */
function isMessage(datagram: Buffer): boolean {
  const data = payloadOf(datagram)
  return data?.[0] === APPLICATION_DATA && data.length === 85
}

/** Content types of DTLS records. */
const HANDSHAKE = 22
const APPLICATION_DATA = 23

function isHandshake(data: Buffer | undefined): boolean {
  return data?.[0] === HANDSHAKE
}

/** Sockets and timers of this process, its servers' included. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCP|TLS|UDP|^Timeout$/.test(name)).length
}
