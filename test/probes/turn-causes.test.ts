import {createHmac} from 'node:crypto'
import {beforeAll, describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import type {FailureCode} from '../../src/core/failure.ts'
import type {AttemptResult} from '../../src/core/result.ts'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {parseTurnUri} from '../../src/probes/stun/uri.ts'
import {allocate} from '../../src/probes/turn/allocate.ts'
import {credentialsFor} from '../../src/probes/turn/credentials.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {until} from '../fixtures/coturn.ts'
import {reusingNat} from '../fixtures/reusing-nat.ts'
import {quietTrace} from '../fixtures/trace.ts'
import {turnFamilies, type TurnServer, type TurnWish} from '../fixtures/turn-families.ts'
import {need} from '../setup/need.ts'

const {turn} = probes
const credentials = {username: 'u', password: 'p'}
let certificate: Certificate
let outdated: Certificate
let foreign: Certificate
beforeAll(async () => {
  certificate = await makeCertificate()
  outdated = await makeCertificate({notBefore: new Date(Date.now() - 10 * 86_400_000), days: 7})
  foreign = await makeCertificate({names: ['turn.example.org']})
})

/** What a family of servers says to it, as a fact each: the code, whether it is signed, and its words. */
type Said = readonly [code: number, signed: boolean, reason?: string]

interface Cause {
  readonly title: string
  readonly wish?: () => TurnWish
  readonly options?: () => Record<string, unknown>
  readonly transport?: 'udp' | 'tcp' | 'tls'
  /** Another client's allocations, held meanwhile. */
  readonly held?: number
  readonly code: FailureCode
  readonly phase: string
  readonly message: RegExp
  readonly hint: RegExp
  readonly said?: Readonly<Record<'coturn' | 'pion', Said>>
}

const rejected: Cause['said'] = {coturn: [401, false, 'Unauthorized'], pion: [400, false]}
const rejectedWords =
  /^the server (rejects the credentials \(401 Unauthorized\)|refuses the signed request \(400\): it rej)/

const causes: readonly Cause[] = [
  ...(['udp', 'tcp', 'tls'] as const).map((transport): Cause => ({
    title: `a wrong password over ${transport}`,
    transport,
    options: () => ({credentials: {username: 'u', password: 'wrong'}}),
    code: 'turn_unauthorized',
    phase: 'allocate',
    message: rejectedWords,
    hint: /^compare username, password and realm/,
    said: rejected,
  })),
  {
    title: 'an unknown user',
    options: () => ({credentials: {username: 'nobody', password: 'p'}}),
    code: 'turn_unauthorized',
    phase: 'allocate',
    message: rejectedWords,
    hint: /^compare username, password and realm/,
    said: rejected,
  },
  {
    title: 'an expired credential',
    wish: () => ({secret: 'north'}),
    options: () => ({credentials: expiredFor(312)}),
    code: 'turn_credential_expired',
    phase: 'allocate',
    message: /^the credential expired 31[234] s ago by our clock \(40[01]( Unauthorized)?\)$/,
    hint: /^mint a new one/,
    said: rejected,
  },
  {
    title: 'a wrong shared secret',
    wish: () => ({secret: 'north'}),
    options: () => ({credentials: {secret: 'south'}}),
    code: 'turn_unauthorized',
    phase: 'allocate',
    message: rejectedWords,
    hint: /^compare the shared secret with the server's; its clock is not to blame/,
    said: rejected,
  },
  {
    title: "a user's quota that others have used up",
    wish: () => ({quota: 1}),
    held: 1,
    code: 'turn_quota',
    phase: 'allocate',
    message: /quota is reached \(486/,
    hint: /who leaks allocations/,
    said: {coturn: [486, true, 'Allocation Quota Reached'], pion: [486, false]},
  },
  {
    title: 'no relay port left',
    wish: () => ({oneRelay: true}),
    held: 1,
    code: 'turn_capacity',
    phase: 'allocate',
    message: /no capacity left \(508/,
    hint: /port range/,
    said: {coturn: [508, true, 'Cannot create socket'], pion: [508, false]},
  },
  {
    title: 'no credentials where some are wanted',
    options: () => ({credentials: undefined}),
    code: 'unsupported',
    phase: 'challenge',
    message: /asks for credentials \(401\) and none were given/,
    hint: /`secret`/,
    said: {coturn: [401, false, 'Unauthorized'], pion: [401, false]},
  },
  {
    title: 'a certificate that nobody vouches for',
    transport: 'tls',
    options: () => ({ca: undefined}),
    code: 'tls_untrusted',
    phase: 'tls',
    message: /certificate/,
    hint: /./,
  },
  {
    title: 'a certificate that is out of date',
    transport: 'tls',
    wish: () => ({certificate: outdated}),
    options: () => ({ca: outdated.ca}),
    code: 'tls_expired',
    phase: 'tls',
    message: /expired/,
    hint: /./,
  },
  {
    title: 'a certificate for another name',
    transport: 'tls',
    wish: () => ({certificate: foreign}),
    options: () => ({ca: foreign.ca}),
    code: 'tls_wrong_name',
    phase: 'tls',
    message: /turn\.example\.org/,
    hint: /./,
  },
]

describe.each(turnFamilies)('$name, refusing', (family) => {
  need(family.program)

  test.each(causes)('$title: told in milliseconds, with the cause', async (cause) => {
    const {wish = () => ({}), options = () => ({}), transport = 'udp', held = 0, code, phase, message, hint} = cause
    const server = closing(await family.start({certificate, ...wish()}))
    const address = addressOf(server, transport)
    const holding = await Promise.all(
      Array.from({length: held}, () => allocate({server: parseTurnUri(address), credentials}, quietTrace())),
    )
    const result = await attemptOn(turn, {
      address,
      options: {credentials, packets: 3, ...(transport === 'tls' && {ca: certificate.ca}), ...options()},
    })
    expect(result).toMatchObject({ok: false, failure: {code, phase}})
    expect(result.ok ? '' : result.failure.message).toMatch(message)
    expect(result.ok ? '' : result.failure.hint).toMatch(hint)
    if (cause.said) expect(saidIn(result)).toEqual(cause.said[family.name])
    expect(result.facts.software?.toString() ?? 'none').toMatch(
      cause.said && family.name === 'coturn' ? /^Coturn-/ : /^none$/,
    )
    const owed = [
      {indicator: 'turn_allocation', ok: false},
      ...Array<object>(3).fill({indicator: 'turn_echo', ok: false}),
    ]
    expect(result.events.filter(({indicator}) => indicator !== 'attempt')).toEqual(code === 'unsupported' ? [] : owed)
    expect(result.totalMs).toBeLessThan(4000)
    await Promise.all(holding.map((allocation) => allocation.release()))
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('a port of another client (437): from another one', async () => {
    const server = closing(await family.start())
    const nat = closing(await reusingNat({to: server, clients: 2}))
    const held = await allocate({server: parseTurnUri(`turn:127.0.0.1:${nat.port}`), credentials}, quietTrace())
    const result = await attemptOn(turn, {address: `turn:127.0.0.1:${nat.port}`, options: {credentials, packets: 3}})
    expect(result).toMatchObject({ok: true, facts: {loss: 0}})
    expect(await server.openAllocations()).toBe(1)
    await held.release()
  })

  test('every port, for another client has it (437)', async () => {
    const server = closing(await family.start())
    const nat = closing(await reusingNat({to: server, clients: 99}))
    await allocate({server: parseTurnUri(`turn:127.0.0.1:${nat.port}`), credentials}, quietTrace())
    const result = await attemptOn(turn, {address: `turn:127.0.0.1:${nat.port}`, options: {credentials}})
    expect(result).toMatchObject({
      ok: false,
      // coturn says so before it asks who we are
      failure: {code: 'turn_allocation_mismatch', phase: family.name === 'coturn' ? 'challenge' : 'allocate'},
      facts: {error_code: 437},
    })
    expect(result.ok ? '' : result.failure.hint).toMatch(/a NAT may reuse ports/)
  })

  test('peers: the echo is skipped, the allocation stands', async () => {
    const server = closing(await family.start({forbidPeers: true}))
    const result = await attemptOn(turn, {address: addressOf(server), options: {credentials}})
    expect(result).toMatchObject({ok: true, facts: {relay_to_relay: false}})
    const said = {coturn: '403 Forbidden IP', pion: 'an error without ERROR-CODE'}[family.name]
    expect(result.phases.find(({name}) => name === 'echo')?.why).toBe(
      `the server does not relay to its own relays: CreatePermission refused (${said})`,
    )
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('a credential that is good by our clock, for ours is behind: the server tells by how much', async () => {
    const server = closing(await family.start({secret: 'north'}))
    const behindS = 700
    const trace = {...quietTrace(), wallClock: () => Date.now() - behindS * 1000}
    const minted = credentialsFor({secret: 'north', user: 'probe', ttlMs: 60_000}, trace)
    const failure = await allocate({server: parseTurnUri(addressOf(server)), credentials: minted}, trace).then(
      () => undefined,
      (error: unknown) => error as ProbeFailure,
    )
    expect(failure).toBeInstanceOf(ProbeFailure)
    expect(failure).toMatchObject({code: 'turn_credential_expired'})
    const [, behind] = /this machine's clock is (\d+) s behind the server's$/.exec(failure?.message ?? '') ?? []
    expect(Number(behind)).toBeGreaterThanOrEqual(behindS)
    expect(Number(behind)).toBeLessThan(behindS + 30)
    expect(await server.openAllocations()).toBe(0)
  })

  test('nobody with a client certificate, and everybody without', async () => {
    const server = closing(await family.start({certificate, clientAuthority: certificate.ca}))
    const address = addressOf(server, 'tls')
    const bare = await attemptOn(turn, {address, options: {credentials, ca: certificate.ca}})
    // TLS 1.2, the best that this coturn has, says no more; in TLS 1.3 it comes after a good handshake
    const code = {coturn: 'tls_protocol', pion: 'tls_client_certificate'}[family.name]
    expect(bare).toMatchObject({ok: false, failure: {code, phase: 'tls'}})
    expect(bare.ok ? '' : bare.failure.hint).toMatch(/`cert` and `key`/)
    const {cert, key} = certificate
    const known = await attemptOn(turn, {address, options: {credentials, packets: 3, ca: certificate.ca, cert, key}})
    expect(known).toMatchObject({ok: true, facts: {loss: 0}})
  })

  test('TLS where it has none', async () => {
    const server = closing(await family.start())
    const address = `turns:127.0.0.1:${server.port}`
    const result = await attemptOn(turn, {address, options: {credentials, echo: false}, timeoutMs: 1000})
    expect(result).toMatchObject({ok: false, failure: {phase: 'tls', hint: expect.stringMatching(/TLS/) as string}})
    // coturn waits for more or closes, as it reads the bytes of the hello
    const codes = {coturn: ['timeout', 'not_tls'], pion: ['not_tls']}[family.name]
    expect(codes).toContain(result.ok ? '' : result.failure.code)
  })

  test('plain TCP on its TLS port', async () => {
    const server = closing(await family.start({certificate}))
    const address = `turn:127.0.0.1:${server.tlsPort}?transport=tcp`
    const result = await attemptOn(turn, {address, options: {credentials, echo: false}, timeoutMs: 1000})
    const hint = expect.stringMatching(/TLS/) as string
    // coturn tells the two apart by their first byte
    expect(result).toMatchObject(family.name === 'coturn' ? {ok: true} : {failure: {phase: 'challenge', hint}})
  })
})

function addressOf({port, tlsPort}: TurnServer, transport: 'udp' | 'tcp' | 'tls' = 'udp'): string {
  return transport === 'tls' ? `turns:127.0.0.1:${tlsPort}` : `turn:127.0.0.1:${port}?transport=${transport}`
}

function expiredFor(seconds: number): {username: string; password: string} {
  const username = `${Math.round(Date.now() / 1000) - seconds}:probe`
  return {username, password: createHmac('sha1', 'north').update(username).digest('base64')}
}

function saidIn({facts}: AttemptResult): unknown[] {
  const {error_code: code, error_signed: signed, error_reason: reason} = facts
  return [code, signed, ...(reason === undefined ? [] : [reason])]
}
