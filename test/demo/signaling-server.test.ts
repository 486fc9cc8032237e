import {createServer} from 'node:http'
import type {AddressInfo} from 'node:net'
import {io as connect, type Socket} from 'socket.io-client'
import {describe, expect, test} from 'vitest'
import {startSignalingServer} from '../../src/demo/signaling-server.ts'
import {closing} from '../fixtures/closing.ts'

async function client(url: string, transports: string[] = ['websocket']): Promise<Socket> {
  const socket = connect(url, {transports, forceNew: true, reconnection: false})
  closing({close: () => socket.close()})
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('connect_error', reject)
  })
  return socket
}

const heard = (socket: Socket, event: string) =>
  new Promise<Record<string, unknown>>((resolve) => socket.once(event, resolve))

describe('the embedded signaling server', () => {
  test('is healthy, and tells the time', async () => {
    const {url} = closing(await startSignalingServer())
    const answer = await fetch(`${url}/health`)
    expect(await answer.json()).toEqual({status: 'ok'})
    expect(Date.parse(answer.headers.get('date') ?? '')).toBeGreaterThan(0)
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404)
  })

  test.each([[['websocket']], [['polling']], [['polling', 'websocket']]])(
    'serves the official client over %j',
    async (transports) => {
      const {url} = closing(await startSignalingServer())
      const [a, b] = await Promise.all([client(url, transports), client(url, transports)])
      const [first, second] = [heard(a, 'matched'), heard(b, 'matched')]
      a.emit('join-queue', {interests: ['x']})
      b.emit('join-queue', {interests: ['y', 'x']})
      expect(await first).toEqual({roomId: expect.any(String) as string, peerId: b.id})
      expect(await second).toMatchObject({peerId: a.id, roomId: (await first).roomId})
      const offer = heard(b, 'receive-offer')
      a.emit('send-offer', {offer: {type: 'offer', sdp: '…'}})
      expect(await offer).toEqual({offer: {type: 'offer', sdp: '…'}, from: a.id})
      const left = heard(a, 'peer-left')
      const gone = b.id
      b.close()
      expect(await left).toEqual({peerId: gone})
      if (transports.length === 2) expect(a.io.engine.transport.name).toBe('websocket')
    },
  )

  test('matches nobody without a common interest', async () => {
    const {url} = closing(await startSignalingServer())
    const [a, b, c] = await Promise.all([client(url), client(url), client(url)])
    a.emit('join-queue', {interests: ['x']})
    b.emit('join-queue', {interests: ['y']})
    const matched = heard(c, 'matched')
    await b.emitWithAck('anything') // so that b stands in the queue
    c.emit('join-queue', {interests: ['y']})
    expect(await matched).toMatchObject({peerId: b.id})
  })

  test('refuses when told to, and unknown namespaces always', async () => {
    const {url} = closing(await startSignalingServer({refuse: 'come back later'}))
    await expect(client(url)).rejects.toThrow('come back later')
    await expect(client(`${url}/nowhere`)).rejects.toThrow('Invalid namespace')
  })

  test.each([
    ['EIO=3&transport=polling', {code: 5, message: 'Unsupported protocol version'}],
    ['EIO=4&transport=polling&sid=unknown', {code: 1, message: 'Session ID unknown'}],
    ['EIO=4&transport=pigeon', {code: 0, message: 'Transport unknown'}],
    ['EIO=4&transport=websocket', {code: 3, message: 'Bad request'}],
  ])('refuses %s in the words of Engine.IO', async (query, body) => {
    const {url} = closing(await startSignalingServer())
    const answer = await fetch(`${url}/socket.io/?${query}`)
    expect(answer.status).toBe(400)
    expect(await answer.json()).toEqual(body)
  })

  test('serves on a server that is there already, and leaves it to its owner', async () => {
    const server = createServer()
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    closing({close: () => new Promise((closed) => server.close(closed).closeAllConnections())})
    const signaling = await startSignalingServer({server})
    expect(signaling.url).toBe(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    await client(signaling.url)
    await signaling.close()
    expect(server.listening).toBe(true)
  })
})
