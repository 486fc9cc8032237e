import {once} from 'node:events'
import {connect, type AddressInfo, type Socket} from 'node:net'
import {createServer} from 'node:tls'
import {beforeAll, describe, expect, test} from 'vitest'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {probes} from '../../src/probes/index.ts'
import {methods} from '../../src/demo/turn/codec.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {until} from '../fixtures/coturn.ts'
import {silentTcp} from '../fixtures/fault-server.ts'
import {allocated, challenged, isAllocate, KEY, stunServer, success, type Behaviour} from '../fixtures/stun-faults.ts'
import {watchTimers} from '../fixtures/timers.ts'

const {turn, ice} = probes
const credentials = {username: 'u', password: 'p'}
const TIMEOUT_MS = 1000
/** What a probe may take after its deadline: a release that nobody answers, and a busy machine. */
const CLEAN_UP_MS = 600 + 1500

let certificate: Certificate
beforeAll(async () => {
  certificate = await makeCertificate()
})

/** A server that answers all but these methods, and relays nothing. */
const silentOn = (...mute: readonly number[]): Behaviour =>
  challenged((exchange) => {
    if (mute.includes(exchange.request.messageMethod)) return
    exchange.say(success(exchange, isAllocate(exchange) ? allocated : [], KEY))
  })

async function serve(transport: 'udp' | 'tcp' | 'tls', behave: Behaviour): Promise<string> {
  const {port} = closing(await stunServer(transport === 'udp' ? 'udp' : 'tcp', behave))
  if (transport !== 'tls') return `turn:127.0.0.1:${port}?transport=${transport}`
  const open = new Set<Socket>()
  const outer = createServer({cert: certificate.cert, key: certificate.key}, (client) => {
    const inner = connect(port, '127.0.0.1')
    for (const socket of [client, inner]) open.add(socket.on('error', () => {}))
    client.pipe(inner).pipe(client)
  })
  outer.listen(0, '127.0.0.1')
  await once(outer, 'listening')
  closing({
    close() {
      for (const socket of open) socket.destroy()
      outer.close()
    },
  })
  return `turns:127.0.0.1:${(outer.address() as AddressInfo).port}`
}

interface Stall {
  readonly stage: string
  readonly behave: Behaviour
}

const stalls: readonly Stall[] = [
  {stage: 'challenge', behave: () => {}},
  {stage: 'allocate', behave: silentOn(methods.ALLOCATE, methods.REFRESH)},
  {stage: 'permission', behave: silentOn(methods.CREATE_PERMISSION, methods.REFRESH)},
  {stage: 'channel', behave: silentOn(methods.CHANNEL_BIND, methods.REFRESH)},
  {stage: 'echo', behave: silentOn(methods.REFRESH)},
]

describe.each(['udp', 'tcp', 'tls'] as const)('a server that stalls over %s', (transport) => {
  test.each(stalls)('at $stage holds an attempt up no longer than its deadline', async ({stage, behave}) => {
    const address = await serve(transport, behave)
    const options = {credentials, packets: 2, interval: 1, insecure: true}
    const {result, left} = await watchTimers(() => attemptOn(turn, {address, options, timeoutMs: TIMEOUT_MS}))
    expect(result).toMatchObject({ok: false, failure: {code: 'timeout', phase: stage}})
    expect(result.totalMs).toBeGreaterThanOrEqual(TIMEOUT_MS - 5)
    expect(result.totalMs).toBeLessThan(TIMEOUT_MS + CLEAN_UP_MS)
    expect(result.events.filter(({indicator, ok}) => indicator === 'turn_echo' && !ok)).toHaveLength(2)
    await until(() => Promise.resolve(left() === 0)) // what is cleared is told a little later
  })

  test('at the release alone is sound, even if the deadline comes meanwhile', async () => {
    const address = await serve(transport, silentOn(methods.REFRESH))
    const options = {credentials, echo: false, insecure: true}
    const result = await attemptOn(turn, {address, options, timeoutMs: TIMEOUT_MS})
    expect(result).toMatchObject({ok: true, facts: {release: 'no answer'}})
    expect(result.totalMs).toBeLessThan(CLEAN_UP_MS)
  })
})

test.each(stalls.filter(({stage}) => stage !== 'echo'))(
  'a server that stalls at $stage holds two peers up no longer than their deadline',
  async ({stage, behave}) => {
    const address = await serve('tcp', behave)
    const options = {credentials, messages: 1, interval: 1}
    const result = await attemptOn(ice, {address, options, timeoutMs: TIMEOUT_MS})
    expect(result).toMatchObject({ok: false, failure: {code: 'timeout', phase: stage}})
    expect(result.totalMs).toBeLessThan(TIMEOUT_MS + CLEAN_UP_MS)
  },
)

test('a port that takes connections and says nothing in TLS is told as that', async () => {
  const {port} = closing(await silentTcp())
  const result = await attemptOn(turn, {address: `turns:127.0.0.1:${port}`, timeoutMs: TIMEOUT_MS})
  expect(result).toMatchObject({ok: false, failure: {code: 'timeout', phase: 'tls'}})
  expect(result.ok ? '' : result.failure.message).toMatch(/^the TLS handshake did not end: no answer within/)
  expect(result.ok ? '' : result.failure.hint).toMatch(/is this the TLS port/)
})
