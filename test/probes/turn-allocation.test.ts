import {afterEach, beforeAll, describe, expect, test} from 'vitest'
import {ProbeFailure} from '../../src/core/errors.ts'
import {makeCertificate, type Certificate} from '../../src/demo/certificate.ts'
import {parseTurnUri} from '../../src/probes/stun/uri.ts'
import {allocate} from '../../src/probes/turn/allocate.ts'
import type {Allocation} from '../../src/probes/turn/allocation.ts'
import {startCoturn, until, type Coturn} from '../fixtures/coturn.ts'
import {quietTrace} from '../fixtures/trace.ts'
import {need} from '../setup/need.ts'

need('turnserver')

const credentials = {username: 'u', password: 'p'}
const open: {close(): Promise<void>}[] = []
let certificate: Certificate
beforeAll(async () => {
  certificate = await makeCertificate()
})
afterEach(async () => {
  for (const server of open.splice(0).reverse()) await server.close()
})

describe.each(['udp', 'tcp', 'tls'] as const)('an allocation over %s', (transport) => {
  test('sends and receives by indication, then by channel', async () => {
    const server = await coturn()
    const near = await allocation(server, transport)
    const far = await allocation(server, transport)
    try {
      await Promise.all([near.permit(far.relayed), far.permit(near.relayed)])
      for (const step of [() => Promise.resolve(0), () => near.bindChannel(far.relayed)]) {
        await step()
        for (const text of ['odd', 'even', '', 'ünïcode']) {
          const received = next(far)
          near.send(far.relayed, Buffer.from(text))
          expect(await received).toEqual({text, from: near.relayed})
        }
      }
    } finally {
      await Promise.all([near.release(), far.release()])
    }
  })

  test('is prolonged and given back, once and for all', async () => {
    const server = await coturn()
    const relay = await allocation(server, transport)
    expect(relay).toMatchObject({lifetimeS: 600, protocol: transport, mapped: {address: '127.0.0.1'}, unsigned: []})
    expect(await relay.refresh()).toBe(600)
    expect(await Promise.all([relay.release(), relay.release()])).toEqual(['released', 'released'])
    await until(async () => (await server.openAllocations()) === 0)
  })

  test('is given back after an abort as well', async () => {
    const server = await coturn()
    const controller = new AbortController()
    const relay = await allocation(server, transport, controller.signal)
    controller.abort(new ProbeFailure('aborted', 'interrupted'))
    await expect(relay.permit({address: '127.0.0.1', port: 9})).rejects.toThrow('interrupted')
    expect(await relay.release()).toBe('released')
    await until(async () => (await server.openAllocations()) === 0)
  })
})

test('a server that goes away is told to who listens, and the release knows it', async () => {
  const server = await startCoturn()
  const relay = await allocation(server, 'tcp')
  const ended = new Promise<Error>((resolve) => relay.onEnd(resolve))
  await server.close()
  expect(['closed', 'ECONNRESET']).toContain(((await ended) as NodeJS.ErrnoException).code)
  expect(await relay.release()).toBe('no answer')
})

test('a thousand allocations leave no socket, no timer and no session', async () => {
  const server = await coturn()
  const before = process.getActiveResourcesInfo().length
  for (let round = 0; round < 20; round++) {
    const relays = await Promise.all(Array.from({length: 50}, () => allocation(server, 'udp')))
    await Promise.all(relays.map((relay) => relay.release()))
  }
  await until(async () => (await server.openAllocations()) === 0)
  await until(() => Promise.resolve(process.getActiveResourcesInfo().length <= before + 1)) // the wait's own timer
})

async function coturn(): Promise<Coturn> {
  const server = await startCoturn({certificate})
  open.push(server)
  return server
}

function allocation(
  {port, tlsPort}: Coturn,
  transport: 'udp' | 'tcp' | 'tls',
  signal = new AbortController().signal,
): Promise<Allocation> {
  const uri = transport === 'tls' ? `turns:127.0.0.1:${tlsPort}` : `turn:127.0.0.1:${port}?transport=${transport}`
  return allocate({server: parseTurnUri(uri), tls: {ca: certificate.ca}, credentials}, quietTrace(signal))
}

function next(relay: Allocation): Promise<{text: string; from: unknown}> {
  return new Promise((resolve) => relay.onData((data, from) => resolve({text: data.toString(), from})))
}
