import {createHmac} from 'node:crypto'
import {describe, expect, test} from 'vitest'
import type {AttemptResult} from '../../src/core/result.ts'
import {probes} from '../../src/probes/index.ts'
import {classes, Message, methods} from '../../src/demo/turn/codec.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn} from '../fixtures/coturn.ts'
import {udpProxy, type Fate} from '../fixtures/proxy.ts'
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
  type Exchange,
} from '../fixtures/stun-faults.ts'
import {need} from '../setup/need.ts'

/** What servers of other makes do, and coturn under settings of its own. */
const {turn} = probes
const credentials = {username: 'u', password: 'p'}

/** Grants all that it is asked for, and relays nothing. */
const granting: Behaviour = (exchange) => exchange.say(success(exchange, isAllocate(exchange) ? allocated : [], KEY))

describe('before the challenge', () => {
  test('the first request is bare, and no Binding is asked for: some meet the rest with silence', async () => {
    const asked: [method: string, ...attributes: string[]][] = []
    const picky: Behaviour = (exchange) => {
      const {messageMethod, json} = exchange.request
      const names = json.attributes.map(([name]) => name)
      asked.push([methods[messageMethod], ...names])
      if (exchange.signed || names.join() === 'REQUESTED-TRANSPORT') challenged(granting)(exchange)
    }
    expect(await attemptOnServer(picky, {echo: false})).toMatchObject({ok: true})
    expect(asked[0]).toEqual(['ALLOCATE', 'REQUESTED-TRANSPORT'])
    expect(asked.map(([method]) => method)).not.toContain('BINDING')
  })

  test('a 438 with a realm is a challenge as good as a 401', async () => {
    const result = await attemptOnServer(
      (exchange) => {
        if (exchange.signed) granting(exchange)
        else exchange.say(refused(exchange, [438, 'Stale Nonce'], challengeWith('first')))
      },
      {echo: false},
    )
    expect(result).toMatchObject({ok: true})
  })

  test('a refusal without a challenge is told with its code, its reason and who said it', async () => {
    const result = await attemptOnServer((exchange) =>
      exchange.say(refused(exchange, [403, 'Not \0today\0'], [['SOFTWARE', 'Stranger\0 1.0\0']])),
    )
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: 'turn_forbidden',
        phase: 'challenge',
        message: 'the server forbids us an allocation (403 Not today)',
      },
      facts: {error_code: 403, error_reason: 'Not today', error_signed: false, software: 'Stranger 1.0'},
    })
  })

  test('words without end are cut, and empty ones left out', async () => {
    const long = await attemptOnServer((exchange) => exchange.say(wordy(exchange, 9000)), {}, 'tcp')
    expect(String(long.facts.error_reason)).toHaveLength(129)
    expect(String(long.facts.software)).toHaveLength(129)
    const none = await attemptOnServer((exchange) => exchange.say(refused(exchange, [599, ''], [['SOFTWARE', '']])))
    expect(none).toMatchObject({failure: {message: 'the server refuses Allocate (599)'}})
    expect(none.facts).not.toHaveProperty('software')
    expect(none.facts).not.toHaveProperty('error_reason')
  })

  test('a server that answers a Binding and no Allocate is told from one that is silent', async () => {
    need('turnserver')
    const {port} = closing(await startCoturn({args: ['--stun-only']}))
    const result = await attemptOn(turn, {
      address: `turn:127.0.0.1:${port}`,
      options: {credentials, echo: false},
      timeoutMs: 1200,
    })
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: 'timeout',
        phase: 'challenge',
        message: expect.stringMatching(
          /^no answer to 2 Allocate requests within .*, though it answers Binding/,
        ) as string,
        hint: expect.stringMatching(/STUN server that does no TURN/) as string,
      },
      facts: {answers_binding: true},
    })
  })
})

describe('credentials', () => {
  test('that expired by our clock and are taken all the same are a finding', async () => {
    const username = `${Math.round(Date.now() / 1000) - 90}.probe` // the separator is the server's taste
    const password = createHmac('sha1', 'north').update(username).digest('base64')
    const result = await attemptOnServer(
      challenged((exchange) => exchange.say(success(exchange, allocated))), // unsigned: its key is none of this test
      {credentials: {username, password}, echo: false},
    )
    expect(result).toMatchObject({ok: true, facts: {expired_credential_accepted: true}})
    expect(result.facts.credential_expires_in_s).toBeLessThanOrEqual(-90)
  })

  test('of a secret that is wrong are not blamed on the clock, whatever the server says of other requests', async () => {
    const result = await attemptOnServer(
      challenged((exchange) => exchange.say(refused(exchange, isAllocate(exchange) ? [401, ''] : [437, '']))),
      {credentials: {secret: 'south'}},
    )
    expect(result).toMatchObject({ok: false, failure: {code: 'turn_unauthorized', message: /rejects/}})
  })
})

describe('coturn', () => {
  need('turnserver')

  test('that relays no UDP says 442, and why', async () => {
    const {port} = closing(await startCoturn({args: ['--no-udp-relay']}))
    const result = await attemptOn(turn, {address: `turn:127.0.0.1:${port}`, options: {credentials}})
    expect(result).toMatchObject({
      ok: false,
      failure: {code: 'turn_unsupported_transport', phase: 'allocate'},
      facts: {error_code: 442, error_signed: true},
    })
    expect(result.facts.error_reason).toMatch(/^UDP Transport is not allowed/)
  })

  test('whose nonces live a second: 438 in the middle of an echo, at every refresh', async () => {
    const server = closing(await startCoturn({args: ['--stale-nonce=1', '--max-allocate-lifetime=6']}))
    const options = {credentials, packets: 70, interval: '100ms'} // two refreshes, as coturn counts whole seconds
    const result = await attemptOn(turn, {address: `turn:127.0.0.1:${server.port}`, options})
    expect(result).toMatchObject({ok: true, facts: {loss: 0, lifetime_s: 6}})
    expect(await server.log()).toMatch(/error 438: Stale nonce[^]*packet REFRESH processed, success[^]*error 438/)
  })
})

describe('an allocation that the server does not prolong', () => {
  const shortLived = allocated.map(([name, value]) => [name, name === 'LIFETIME' ? 1 : value] as const)
  const echoes = {packets: 60, interval: '20ms'}
  const but = (answer: Behaviour) =>
    challenged((exchange) => {
      const {messageMethod, messageClass} = exchange.request
      if (messageClass === classes.INDICATION) return
      if (messageMethod === methods.ALLOCATE)
        exchange.say(
          success(
            exchange,
            shortLived.map(([n, v]) => [n, v]),
            KEY,
          ),
        )
      else if (messageMethod === methods.REFRESH) answer(exchange)
      else granting(exchange)
    })

  test.each([
    {said: [437, 'Allocation Mismatch'], code: 'turn_allocation_mismatch', hint: /lost the allocation/},
    {said: [438, 'Stale Nonce'], code: 'turn_stale_nonce', hint: /shared nonces/},
    {said: [500, 'Server Error'], code: 'stun_error', hint: /^$/},
  ] as const)('but answers with $said ends the attempt by that cause', async ({said, code, hint}) => {
    const result = await attemptOnServer(
      but((exchange) => exchange.say(refused(exchange, said))),
      echoes,
    )
    expect(result).toMatchObject({
      ok: false,
      failure: {code, phase: 'echo', message: `Refresh refused (${said.join(' ')}, unsigned)`},
      facts: {error_code: said[0], lifetime_s: 1},
    })
    expect(result.ok ? '' : (result.failure.hint ?? '')).toMatch(hint)
  })

  test('and a nonce that never settles is given up after five', async () => {
    let asked = 0
    const restless = but((exchange) => {
      asked++
      exchange.say(refused(exchange, [438, ''], challengeWith(`nonce-${asked}`)))
    })
    const result = await attemptOnServer(restless, echoes)
    expect(result).toMatchObject({ok: false, failure: {code: 'turn_stale_nonce', phase: 'echo'}})
    expect(asked).toBeLessThanOrEqual(2 * 5 * 2) // two relays, each at its refresh and at its release
  })

  test('a step that finds no allocation (437) ends the attempt: that is no policy', async () => {
    const result = await attemptOnServer(
      challenged((exchange) => {
        if (isAllocate(exchange)) granting(exchange)
        else exchange.say(refused(exchange, [437, 'No allocation']))
      }),
    )
    expect(result).toMatchObject({ok: false, failure: {code: 'turn_allocation_mismatch', phase: 'permission'}})
  })
})

test('an odd lifetime after the release is no fault of the service', async () => {
  const result = await attemptOnServer(
    challenged((exchange) =>
      exchange.say(success(exchange, isAllocate(exchange) ? allocated : [['LIFETIME', 600]], KEY)),
    ),
    {echo: false},
  )
  expect(result.ok).toBe(true)
  expect(result.facts).not.toHaveProperty('release')
})

test('a server that loses what exceeds nineteen packets back to back loses nothing at our pace', async () => {
  need('turnserver')
  const server = closing(await startCoturn())
  const proxy = closing(await udpProxy({to: server, fate: burstLimit(19, 5)}))
  const address = `turn:127.0.0.1:${proxy.port}`
  const paced = await attemptOn(turn, {address, options: {credentials, packets: 25}})
  expect(paced).toMatchObject({ok: true, facts: {loss: 0}})
  const hasty = await attemptOn(turn, {address, options: {credentials, packets: 100, interval: 1}})
  expect(hasty.facts.loss).toBeGreaterThan(0.1)
})

/** A refusal with a reason and a SOFTWARE of so many characters: our own codec would make none of these. */
function wordy({request}: Exchange, length: number): Buffer {
  const [ERROR_CODE, SOFTWARE] = [0x0009, 0x8022]
  const reason = Buffer.from('a'.repeat(length))
  return new Message(request.messageMethod, classes.ERROR, request.transactionId)
    .appendRawAttribute(ERROR_CODE, Buffer.concat([Buffer.from([0, 0, 5, 99]), reason]))
    .appendRawAttribute(SOFTWARE, Buffer.from('b'.repeat(length))).bytes
}

/** Lets so many new packets through at once, and another one after each time. */
function burstLimit(burst: number, everyMs: number): Fate {
  const seen = new Set<string>()
  let [tokens, at] = [burst, performance.now()]
  return (datagram) => {
    if (((datagram[0] ?? 0) & 0xc0) !== 0x40) return [0]
    const packet = datagram.toString('hex', 4, 16) // its tag and number, after the channel's header
    if (seen.has(packet)) return [0] // on its way through already
    seen.add(packet)
    tokens = Math.min(burst, tokens + (performance.now() - at) / everyMs)
    at = performance.now()
    if (tokens < 1) return []
    tokens--
    return [0]
  }
}

async function attemptOnServer(
  behave: Behaviour,
  options: Record<string, unknown> = {},
  protocol: 'udp' | 'tcp' = 'udp',
): Promise<AttemptResult> {
  const {port} = closing(await stunServer(protocol, behave))
  const address = `turn:127.0.0.1:${port}?transport=${protocol}`
  return attemptOn(turn, {address, options: {credentials, ...options}})
}
