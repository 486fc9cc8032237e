import {describe, expect, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn, until} from '../fixtures/coturn.ts'
import type {FaultServer} from '../fixtures/fault-server.ts'
import {refused, stunServer} from '../fixtures/stun-faults.ts'
import {need} from '../setup/need.ts'

const {turn} = probes
const credentials = {username: 'u', password: 'p'}

/** A server that sends its clients on, before any challenge and unsigned. */
async function sendingTo(port: () => number, protocol: 'udp' | 'tcp' = 'udp'): Promise<FaultServer> {
  return closing(
    await stunServer(protocol, (exchange) =>
      exchange.say(refused(exchange, [300, 'Try Alternate'], [['ALTERNATE-SERVER', ['127.0.0.1', port()]]])),
    ),
  )
}

describe('a server that sends its clients to another one', () => {
  need('turnserver')

  test.each(['udp', 'tcp'] as const)('is followed over %s, each server named', async (transport) => {
    const {port} = closing(await startCoturn())
    const second = await sendingTo(() => port, transport)
    const first = await sendingTo(() => second.port, transport)
    const address = `turn:127.0.0.1:${first.port}?transport=${transport}`
    const result = await attemptOn(turn, {address, options: {credentials, packets: 3}})
    const path = [first.port, second.port, port].map((at) => `127.0.0.1:${at}`).join(' → ')
    expect(result).toMatchObject({ok: true, facts: {alternate_servers: path, loss: 0}})
  })

  test('is followed where coturn does it, over TLS under the name that was asked for', async () => {
    const certificate = await makeCertificate()
    const second = closing(await startCoturn({certificate}))
    const first = closing(
      await startCoturn({certificate, args: [`--tls-alternate-server=127.0.0.1:${second.tlsPort}`]}),
    )
    const address = `turns:localhost:${first.tlsPort}`
    const result = await attemptOn(turn, {address, family: 4, options: {credentials, ca: certificate.ca, packets: 3}})
    expect(result).toMatchObject({
      ok: true,
      facts: {alternate_servers: `localhost:${first.tlsPort} → 127.0.0.1:${second.tlsPort}`, loss: 0},
    })
    await until(async () => (await second.openAllocations()) === 0)
  })
})

test('servers that send clients in a circle are told as that', async () => {
  const ports: number[] = []
  const first = await sendingTo(() => ports[1] ?? 0)
  const second = await sendingTo(() => ports[0] ?? 0)
  ports.push(first.port, second.port)
  const result = await attemptOn(turn, {address: `turn:127.0.0.1:${first.port}`, options: {credentials}})
  const [a, b] = ports.map((port) => `127.0.0.1:${port}`)
  expect(result).toMatchObject({
    ok: false,
    failure: {
      code: 'turn_redirected',
      phase: 'challenge',
      message: `the servers send their clients in a circle: ${a} → ${b} → ${a}`,
    },
  })
})

test('more alternates than are allowed are a failure, with all of them', async () => {
  const third = await sendingTo(() => 9)
  const second = await sendingTo(() => third.port)
  const first = await sendingTo(() => second.port)
  const path = [first.port, second.port, third.port].map((port) => `127.0.0.1:${port}`).join(' → ')
  const on = (redirects: number) =>
    attemptOn(turn, {address: `turn:127.0.0.1:${first.port}`, options: {credentials, redirects}})
  expect(await on(1)).toMatchObject({
    ok: false,
    failure: {message: `expected a server after at most 1 alternate servers, got ${path}`},
  })
  expect(await on(0)).toMatchObject({ok: false, failure: {code: 'turn_redirected'}})
})

test('an alternate that is down is named, and fails as itself', async () => {
  const gone = await stunServer('udp', () => {})
  await gone.close()
  const first = await sendingTo(() => gone.port)
  const result = await attemptOn(turn, {address: `turn:127.0.0.1:${first.port}`, options: {credentials}})
  expect(result).toMatchObject({
    ok: false,
    failure: {code: 'refused', message: `UDP port closed: 127.0.0.1:${gone.port} answered ICMP port unreachable`},
    facts: {alternate_servers: `127.0.0.1:${first.port} → 127.0.0.1:${gone.port}`},
  })
})
