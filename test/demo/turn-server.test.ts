import {createHmac} from 'node:crypto'
import {createSocket} from 'node:dgram'
import {once} from 'node:events'
import {connect} from 'node:net'
import {setTimeout as delay} from 'node:timers/promises'
import {afterEach, describe, expect, onTestFinished, test} from 'vitest'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {startTurnServer, type TurnServer, type TurnServerOptions} from '../../src/demo/turn/server.ts'
import {classes, makeIntegrityKey, Message, methods} from '../../src/demo/turn/codec.ts'
import {
  decodeMessage,
  encodeRequest,
  type Attributes,
  type Method,
  type Signature,
  type StunMessage,
} from '../../src/probes/stun/message.ts'
import {StunSession} from '../../src/probes/stun/session.ts'
import {openTransport, type TransportOptions} from '../../src/probes/stun/transport.ts'
import {allocate} from '../../src/probes/turn/allocate.ts'
import {mintCredentials} from '../../src/probes/turn/credentials.ts'
import {quietTrace} from '../fixtures/trace.ts'

const users = {alice: 'wonder', bob: 'build', 'jörg:1@x': 'pä ss'}
const alice = {username: 'alice', password: 'wonder'}
const trace = quietTrace()
const closing: (() => unknown)[] = []

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function serve(options: TurnServerOptions = {}): Promise<TurnServer> {
  const server = await startTurnServer({users, ...options})
  closing.push(() => server.close())
  return server
}

const at = (port: number, protocol: 'udp' | 'tcp' | 'tls' = 'udp'): TransportOptions['server'] => ({
  kind: 'turn',
  portGiven: true,
  host: '127.0.0.1',
  port,
  protocol,
})

/** A client that lets a test sign what it likes. */
async function clientOf(server: TurnServer, {username, password} = alice) {
  const session = new StunSession(await openTransport({server: at(server.udpPort)}, trace), trace)
  closing.push(() => session.close())
  const send = async (method: Method, attributes: Attributes, signature?: Signature): Promise<StunMessage> =>
    (await session.request(encodeRequest(method, attributes, signature), trace)).message
  const {realm = '', nonce = Buffer.alloc(0)} = await send('Allocate', {requestedTransport: 'udp'})
  const signature = {username, realm, nonce, key: makeIntegrityKey(username, realm, password)}
  const ask = (method: Method, attributes: Attributes = {}) => send(method, attributes, signature)
  return {session, signature, send, ask, allocate: () => ask('Allocate', {requestedTransport: 'udp'})}
}

/** What the client's encoder does not write. Signed by hand: the codec puts unknown attributes after the signature. */
function odd(method: methods, {signature, change}: {signature: Signature; change: (message: Message) => unknown}) {
  const message = new Message(method, classes.REQUEST)
  if (method === methods.ALLOCATE) message.setAttribute('REQUESTED-TRANSPORT', 17 << 24)
  message.setAttribute('USERNAME', signature.username)
  message.setAttribute('REALM', signature.realm)
  message.setAttribute('NONCE', signature.nonce)
  change(message)
  const unsigned = message.bytes
  unsigned.writeUInt16BE(unsigned.length + 4, 2) // 24 bytes of MESSAGE-INTEGRITY more, 20 of header not counted
  const integrity = createHmac('sha1', signature.key).update(unsigned).digest()
  const bytes = Buffer.concat([unsigned, Buffer.from([0, 8, 0, 20]), integrity])
  return {method: 'Allocate', id: message.transactionIdHex, bytes} as const
}

const until = async (condition: () => boolean) => {
  while (!condition()) await delay(5)
}

const codeOf = (message: StunMessage) => message.error?.code ?? message.class

describe('who may use it', () => {
  test('a long-term user gets an allocation over udp, tcp and tls, and gives it back', async () => {
    const certificate = await makeCertificate()
    const server = await serve({tls: certificate})
    const addresses = [at(server.udpPort), at(server.tcpPort, 'tcp'), at(server.tlsPort ?? 0, 'tls')]
    for (const address of addresses) {
      const allocation = await allocate({server: address, credentials: alice, tls: {ca: certificate.ca}}, trace)
      expect(allocation.relayed.address).toBe('127.0.0.1')
      expect(allocation.unsigned).toEqual([])
      expect(server.stats()).toEqual({allocations: 1})
      expect(await allocation.release()).toBe('released')
      expect(server.stats()).toEqual({allocations: 0})
    }
  })

  test('names and passwords may hold any character', async () => {
    const server = await serve()
    const credentials = {username: 'jörg:1@x', password: 'pä ss'}
    const allocation = await allocate({server: at(server.udpPort), credentials}, trace)
    expect(await allocation.release()).toBe('released')
  })

  test('a time-limited credential made from the secret is good until it expires', async () => {
    const server = await serve({secret: 'shared'})
    const minted = (ttlMs: number) => mintCredentials({secret: 'shared', user: 'carol', ttlMs}, Date.now())
    const allocation = await allocate({server: at(server.udpPort), credentials: minted(60_000)}, trace)
    await allocation.release()
    await expect(allocate({server: at(server.udpPort), credentials: minted(-5000)}, trace)).rejects.toMatchObject({
      code: 'turn_credential_expired',
    })
  })

  test.each([
    {title: 'a wrong password', credentials: {username: 'alice', password: 'wrong'}},
    {title: 'an unknown user', credentials: {username: 'mallory', password: 'wonder'}},
    {title: 'a time-limited name without a secret', credentials: {username: '9999999999:alice', password: 'wonder'}},
    {title: 'a name that every object has', credentials: {username: 'constructor', password: 'wonder'}},
  ])('$title is answered with 401', async ({credentials}) => {
    const client = await clientOf(await serve(), credentials)
    expect(codeOf(await client.allocate())).toBe(401)
  })

  test('a nonce that is not its own is answered with 438 and a fresh one', async () => {
    const client = await clientOf(await serve())
    const stale = {...client.signature, nonce: Buffer.from('made up')}
    const answer = await client.send('Allocate', {requestedTransport: 'udp'}, stale)
    expect(codeOf(answer)).toBe(438)
    const fresh = {...client.signature, nonce: answer.nonce ?? Buffer.alloc(0)}
    expect(codeOf(await client.send('Allocate', {requestedTransport: 'udp'}, fresh))).toBe('success')
  })

  test('a nonce that is too old is answered with 438', async () => {
    const client = await clientOf(await serve({nonceLifetimeMs: -1}))
    expect(codeOf(await client.allocate())).toBe(438)
  })

  test('a signature without a name is answered with 400', async () => {
    const client = await clientOf(await serve())
    const message = new Message(methods.ALLOCATE, classes.REQUEST).addMessageIntegrity(client.signature.key)
    const request = {method: 'Allocate', id: message.transactionIdHex, bytes: message.bytes} as const
    expect(codeOf((await client.session.request(request, trace)).message)).toBe(400)
  })
})

describe('allocations', () => {
  test('a Binding tells the client its address, without credentials', async () => {
    const client = await clientOf(await serve())
    expect((await client.send('Binding', {})).mapped?.address).toBe('127.0.0.1')
  })

  test('a second allocation of one client is a mismatch, and so is a request without one', async () => {
    const client = await clientOf(await serve())
    expect(codeOf(await client.ask('Refresh'))).toBe(437)
    expect(codeOf(await client.ask('CreatePermission', {peer: {address: '127.0.0.1', port: 1}}))).toBe(437)
    expect(codeOf(await client.allocate())).toBe('success')
    expect(codeOf(await client.allocate())).toBe(437)
  })

  test('a retransmitted Allocate is answered with the same allocation again', async () => {
    const server = await serve()
    const {signature} = await clientOf(server)
    const socket = createSocket('udp4')
    closing.push(() => socket.close())
    const answers: StunMessage[] = []
    socket.on('message', (bytes) => void answers.push(...[decodeMessage(bytes)].filter((message) => !!message)))
    const {bytes} = encodeRequest('Allocate', {requestedTransport: 'udp'}, signature)
    for (const count of [1, 2]) {
      socket.send(bytes, server.udpPort, '127.0.0.1')
      await until(() => answers.length === count)
    }
    expect(answers[0]?.relayed).toBeDefined()
    expect(answers[1]?.relayed).toEqual(answers[0]?.relayed)
    expect(server.stats()).toEqual({allocations: 1})
  })

  test('the allocation of one user is not for another on the same port', async () => {
    const client = await clientOf(await serve())
    await client.allocate()
    const {realm, nonce} = client.signature
    const bob = {username: 'bob', realm, nonce, key: makeIntegrityKey('bob', realm, 'build')}
    expect(codeOf(await client.send('Refresh', {}, bob))).toBe(441)
  })

  test.each<{title: string; code: number; change: (message: Message) => unknown}>([
    {title: 'no transport', code: 400, change: (message) => message.getAttributes().shift()},
    {title: 'a TCP relay', code: 442, change: (message) => message.setAttribute('REQUESTED-TRANSPORT', 6 << 24)},
    {
      title: 'an unknown family',
      code: 440,
      change: (message) => message.setAttribute('REQUESTED-ADDRESS-FAMILY', 9 << 24),
    },
    {title: 'a reserved port', code: 508, change: (message) => message.setAttribute('EVEN-PORT', Buffer.from([0x80]))},
    {
      title: 'an unknown attribute',
      code: 420,
      change: (message) => message.appendRawAttribute(0x7abc, Buffer.alloc(4)),
    },
  ])('an Allocate for $title is answered with $code', async ({code, change}) => {
    const {session, signature} = await clientOf(await serve())
    const answer = await session.request(odd(methods.ALLOCATE, {signature, change}), trace)
    expect(codeOf(answer.message)).toBe(code)
  })

  test('an even port is given where it is asked for', async () => {
    const {session, signature} = await clientOf(await serve())
    const request = odd(methods.ALLOCATE, {
      signature,
      change: (message) => message.setAttribute('EVEN-PORT', Buffer.from([0])),
    })
    const {message} = await session.request(request, trace)
    expect((message.relayed?.port ?? 1) % 2).toBe(0)
  })

  test('a relay of the other address family is given where it is asked for', async () => {
    const server = await serve()
    const allocation = await allocate({server: at(server.udpPort), credentials: alice, relayFamily: 6}, trace)
    expect(allocation.relayed.address).toBe('::1')
    await expect(allocation.permit({address: '127.0.0.1', port: 1})).rejects.toThrow('443')
    await allocation.release()
  })

  test('one allocation more than the quota of a user is answered with 486, more than the server has with 508', async () => {
    const server = await serve({quota: 1, maxAllocations: 2})
    expect(codeOf(await (await clientOf(server)).allocate())).toBe('success')
    expect(codeOf(await (await clientOf(server)).allocate())).toBe(486)
    const bob = {username: 'bob', password: 'build'}
    const secret = {username: 'jörg:1@x', password: 'pä ss'}
    const second = await clientOf(server, bob)
    expect(codeOf(await second.allocate())).toBe('success')
    expect(codeOf(await (await clientOf(server, secret)).allocate())).toBe(508)
    await second.ask('Refresh', {lifetimeS: 0})
    expect(codeOf(await (await clientOf(server, secret)).allocate())).toBe('success')
  })

  test('time-limited names that differ in their expiry alone share a quota', async () => {
    const server = await serve({quota: 1, secret: 'shared'})
    const minted = (ttlMs: number) => mintCredentials({secret: 'shared', user: 'carol', ttlMs}, Date.now())
    expect(codeOf(await (await clientOf(server, minted(60_000))).allocate())).toBe('success')
    expect(codeOf(await (await clientOf(server, minted(90_000))).allocate())).toBe(486)
  })

  test('lifetimes are granted within limits', async () => {
    const client = await clientOf(await serve({maxLifetimeS: 900}))
    expect((await client.allocate()).lifetimeS).toBe(600)
    expect((await client.ask('Refresh', {lifetimeS: 800})).lifetimeS).toBe(800)
    expect((await client.ask('Refresh', {lifetimeS: 7200})).lifetimeS).toBe(900)
    expect((await client.ask('Refresh', {lifetimeS: 0})).lifetimeS).toBe(0)
  })

  test('an allocation that is not refreshed ends by itself', async () => {
    const server = await serve({maxLifetimeS: 1})
    await (await clientOf(server)).allocate()
    expect(server.stats()).toEqual({allocations: 1})
    await until(() => server.stats().allocations === 0)
  })

  test('an allocation ends with the connection that it was made on', async () => {
    const server = await serve()
    const transport = await openTransport({server: at(server.tcpPort, 'tcp')}, trace)
    const session = new StunSession(transport, trace)
    const challenge = await session.request(encodeRequest('Allocate', {requestedTransport: 'udp'}), trace)
    const {realm = '', nonce = Buffer.alloc(0)} = challenge.message
    const signature = {username: 'alice', realm, nonce, key: makeIntegrityKey('alice', realm, 'wonder')}
    await session.request(encodeRequest('Allocate', {requestedTransport: 'udp'}, signature), trace)
    expect(server.stats()).toEqual({allocations: 1})
    session.close()
    await until(() => server.stats().allocations === 0)
  })
})

describe('relaying', () => {
  /** Two allocations whose data is collected. */
  async function pair(server: TurnServer) {
    const ends = await Promise.all(
      [1, 2].map(async () => {
        const allocation = await allocate({server: at(server.udpPort), credentials: alice}, trace)
        closing.push(() => allocation.release())
        const received: string[] = []
        allocation.onData((data) => received.push(data.toString()))
        return {allocation, received, relayed: allocation.relayed}
      }),
    )
    const [a, b] = ends
    if (!a || !b) throw new Error('unreachable')
    return [a, b] as const
  }

  test('data goes from relay to relay by indication, and by channel', async () => {
    const [a, b] = await pair(await serve())
    await a.allocation.permit(b.relayed)
    await b.allocation.permit(a.relayed)
    a.allocation.send(b.relayed, Buffer.from('one'))
    await until(() => b.received.length === 1)
    await a.allocation.bindChannel(b.relayed)
    await b.allocation.bindChannel(a.relayed)
    a.allocation.send(b.relayed, Buffer.from('two'))
    b.allocation.send(a.relayed, Buffer.from('three'))
    await until(() => b.received.length === 2 && a.received.length === 1)
    expect([...b.received, ...a.received]).toEqual(['one', 'two', 'three'])
  })

  test('data from a peer without permission does not arrive', async () => {
    const [a, b] = await pair(await serve({allowPeer: () => true}))
    const stranger = createSocket('udp4')
    closing.push(() => stranger.close())
    stranger.send('let me in', a.relayed.port, a.relayed.address)
    await new Promise((resolve) => stranger.send('me too', a.relayed.port, a.relayed.address, resolve))
    await a.allocation.permit(b.relayed)
    await b.allocation.permit(a.relayed)
    b.allocation.send(a.relayed, Buffer.from('friend'))
    await until(() => a.received.length > 0)
    expect(a.received).toEqual(['friend'])
  })

  test('several peers can be permitted at once', async () => {
    const client = await clientOf(await serve({allowPeer: (host) => host !== '127.0.0.3'}))
    await client.allocate()
    const permit = async (second: Buffer) => {
      const change = (message: Message) =>
        message.setAttribute('XOR-PEER-ADDRESS', ['127.0.0.2', 9]).appendRawAttribute(0x0012, second)
      const request = odd(methods.CREATE_PERMISSION, {signature: client.signature, change})
      return codeOf((await client.session.request(request, trace)).message)
    }
    // 127.0.0.4 and 127.0.0.3, masked with the magic cookie as XOR-PEER-ADDRESS has them
    expect(await permit(Buffer.from('000100005e12a446', 'hex'))).toBe('success')
    expect(await permit(Buffer.from('000100005e12a441', 'hex'))).toBe(403)
  })

  test('a peer that is not allowed is answered with 403', async () => {
    const client = await clientOf(await serve({allowPeer: () => false}))
    await client.allocate()
    const peer = {address: '127.0.0.1', port: 9}
    expect(codeOf(await client.ask('CreatePermission', {peer}))).toBe(403)
    expect(codeOf(await client.ask('ChannelBind', {peer, channel: 0x4000}))).toBe(403)
  })

  test('a channel and its peer belong to each other alone', async () => {
    const client = await clientOf(await serve())
    await client.allocate()
    const [peer, other] = [9, 10].map((port) => ({address: '127.0.0.1', port})) as [TransportPeer, TransportPeer]
    expect(codeOf(await client.ask('ChannelBind', {peer, channel: 0x4000}))).toBe('success')
    expect(codeOf(await client.ask('ChannelBind', {peer, channel: 0x4000}))).toBe('success')
    expect(codeOf(await client.ask('ChannelBind', {peer: other, channel: 0x4000}))).toBe(400)
    expect(codeOf(await client.ask('ChannelBind', {peer, channel: 0x4001}))).toBe(400)
    expect(codeOf(await client.ask('ChannelBind', {peer: other, channel: 0x3fff}))).toBe(400)
  })
})

type TransportPeer = NonNullable<Attributes['peer']>

describe('its bounds', () => {
  test('a connection that sends anything else is closed, and a datagram is ignored', async () => {
    const server = await serve()
    const socket = connect(server.tcpPort, '127.0.0.1').resume()
    closing.push(() => socket.destroy())
    socket.write('GET / HTTP/1.1\r\n\r\n')
    await once(socket, 'close')
    const udp = createSocket('udp4')
    closing.push(() => udp.close())
    await new Promise((resolve) => udp.send('GET /', server.udpPort, '127.0.0.1', resolve))
    expect(codeOf(await (await clientOf(server)).allocate())).toBe('success')
  })

  test('an idle connection is closed, with or without a TLS handshake', async () => {
    const server = await serve({idleMs: 50, tls: await makeCertificate()})
    for (const port of [server.tcpPort, server.tlsPort ?? 0]) {
      const socket = connect(port, '127.0.0.1').resume()
      closing.push(() => socket.destroy())
      await once(socket, 'close')
    }
  })

  test('a connection more than allowed is closed at once', async () => {
    const server = await serve({maxConnections: 1})
    const first = connect(server.tcpPort, '127.0.0.1').resume()
    closing.push(() => first.destroy())
    await once(first, 'connect')
    const second = connect(server.tcpPort, '127.0.0.1').resume()
    closing.push(() => second.destroy())
    await once(second, 'close')
    expect(first.destroyed).toBe(false)
  })

  test('a port that is taken is an error, and the ports opened before are closed', async () => {
    const taken = await serve()
    const before = sockets()
    for (const ports of [{udp: taken.udpPort}, {tcp: taken.tcpPort}]) {
      await expect(startTurnServer({ports})).rejects.toMatchObject({code: 'EADDRINUSE'})
      await until(() => sockets() <= before)
    }
  })

  test('closing it in the middle of everything leaves no socket and no timer', async () => {
    const before = sockets()
    const server = await startTurnServer({users, tls: await makeCertificate()})
    onTestFinished(() => server.close())
    const half = connect(server.tlsPort ?? 0, '127.0.0.1').resume()
    await once(half, 'connect')
    const allocation = await allocate({server: at(server.tcpPort, 'tcp'), credentials: alice}, trace)
    await server.close()
    expect(server.stats()).toEqual({allocations: 0})
    await allocation.release()
    half.destroy()
    await until(() => sockets() <= before)
  })

  const sockets = () => process.getActiveResourcesInfo().filter((name) => /TCP|TLS|UDP|^Timeout$/.test(name)).length
})
