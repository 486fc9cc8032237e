import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {DtlsClient, Event, RTCPeerConnection, StunOverTurnProtocol, type TurnProtocol} from 'werift'
import {describe, expect, test} from 'vitest'
import {startTurnServer} from '../../src/demo/turn/server.ts'
import {withoutLeftoverTimers} from '../../src/probes/webrtc/engine-timers.ts'
import {Flights} from '../../src/probes/webrtc/flights.ts'
import {iceAgentOf, privateMembers, sctpOf} from '../../src/probes/webrtc/private-members.ts'
import {reached} from '../../src/probes/webrtc/reached.ts'
import {useTimersOfBrowsers} from '../../src/probes/webrtc/sctp-timers.ts'
import {closing} from '../fixtures/closing.ts'
import {watchTimers} from '../fixtures/timers.ts'

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url))

describe('the private interface of werift', () => {
  test('is that of the one version which is pinned', async () => {
    const versionIn = async (path: string) => JSON.parse(await readFile(fileOf(path), 'utf8')) as Package
    const {dependencies} = await versionIn('../../package.json')
    const {version} = await versionIn('../../node_modules/werift/package.json')
    expect({pinned: dependencies.werift, installed: version}).toEqual({pinned: '0.25.2', installed: '0.25.2'})
  })

  test('holds every member that is leant on', async () => {
    const peer = await offeringPeer()
    expect(iceAgentOf(peer).protocols).toEqual([])
    expect(sctpOf(peer).rto).toBe(3)
    expect(Object.values(privateMembers).map((members) => Object.keys(members).length)).toEqual([10, 2])
  })

  test.each(Object.keys(privateMembers['ICE agent']))(
    'is missed by name when the ICE agent has no %s',
    async (name) => {
      const peer = await offeringPeer()
      Object.defineProperty(peer.iceTransports[0]?.connection, name, {value: undefined})
      expect(() => iceAgentOf(peer)).toThrow(`werift has changed: its ICE agent has no ${name}`)
    },
  )

  test.each(Object.keys(privateMembers['SCTP association']))(
    'is missed by name when the SCTP association has no %s',
    async (name) => {
      const peer = await offeringPeer()
      Object.defineProperty(peer.sctpTransport?.sctp, name, {value: undefined})
      expect(() => sctpOf(peer)).toThrow(`werift has changed: its SCTP association has no ${name}`)
    },
  )

  test('begins a handshake by the one method that is called early', () => {
    expect(DtlsClient.prototype.connect.toString()).toMatch(/^async connect\(\) \{\s+await new Flight1/)
  })

  test('asks nothing of its TURN client but what ours has', async () => {
    const asked = new Set<PropertyKey>()
    const facade = new Proxy(
      {
        onData: new Event<[Buffer, readonly [string, number]]>(),
        transactions: {},
        sendData: () => Promise.resolve(),
        close: () => Promise.resolve(),
      },
      {
        get(target, name) {
          asked.add(name)
          return Reflect.get(target, name) as unknown
        },
      },
    )
    const protocol = new StunOverTurnProtocol(facade as unknown as TurnProtocol)
    await protocol.sendData(Buffer.alloc(1), ['127.0.0.1', 9])
    await protocol.close()
    expect([...asked].sort()).toEqual(['close', 'onData', 'sendData'])
    expect(StunOverTurnProtocol.prototype.request.toString().match(/this\.turn\.(\w+)/g)).toEqual(
      Array(3).fill('this.turn.transactions'),
    )
  })

  interface Package {
    readonly version: string
    readonly dependencies: Readonly<Record<string, string>>
  }

  async function offeringPeer(): Promise<RTCPeerConnection> {
    const peer = new RTCPeerConnection({iceServers: [], iceUseIpv4: false, iceUseIpv6: false})
    peer.createDataChannel('echo')
    await peer.createOffer()
    return peer
  }
})

describe('flights of a handshake', () => {
  const record = (type: number, length = 100, content = 0) =>
    Buffer.concat([Buffer.from([type]), Buffer.alloc(length - 1, content)])

  interface End {
    readonly flights: Flights
    readonly sent: number[]
    readonly send: (data: Buffer) => void
  }
  function end(): End {
    const flights = new Flights()
    const sent: number[] = []
    return {flights, sent, send: (data) => flights.send(data, (datagram) => sent.push(datagram.length))}
  }

  test('leave in one datagram each', async () => {
    const {sent, send, flights} = end()
    for (const type of [22, 22, 20, 22]) send(record(type))
    expect(sent).toEqual([])
    await nextTurn()
    expect(sent).toEqual([400])
    flights.close()
  })

  test('leave in datagrams of 1200 bytes at most', async () => {
    const {sent, send, flights} = end()
    for (const length of [700, 500, 100, 1300, 50]) send(record(22, length))
    await nextTurn()
    expect(sent).toEqual([1200, 100, 1300, 50])
    flights.close()
  })

  test('are not overtaken by application data', async () => {
    const {sent, send} = end()
    send(record(20))
    send(record(23, 60))
    expect(sent).toEqual([100, 60])
    await nextTurn()
    expect(sent).toEqual([100, 60])
  })

  test.each([
    ['connectivity checks', 0],
    ['alerts', 21],
    ['media', 128],
  ])('do not hold up %s', (_, type) => {
    const {sent, send, flights} = end()
    send(record(22))
    send(record(type, 88))
    expect(sent).toEqual([88])
    flights.close()
  })

  test('are sent again until they are answered', async () => {
    const {sent, send, flights} = end()
    send(record(22))
    await expect.poll(() => sent.length).toBeGreaterThan(2)
    expect(flights.admit(record(22, 70, 1))).toBe(true)
    const answered = sent.length
    await sleep(500)
    expect(sent).toHaveLength(answered)
  })

  test('that end a handshake are sent again only when the other end repeats itself', async () => {
    const {sent, send, flights} = end()
    const theirs = record(22, 300)
    expect(flights.admit(theirs)).toBe(true)
    for (const type of [20, 22]) send(record(type))
    await sleep(200)
    expect(sent).toEqual([200])
    expect(flights.admit(theirs)).toBe(false)
    expect(sent).toEqual([200, 200])
  })

  test('stay where they are once the peer is closed', async () => {
    const {sent, send, flights} = end()
    send(record(22))
    flights.close()
    await nextTurn()
    expect(sent).toEqual([])
  })
})

describe('the timers of an association', () => {
  test('follow the round trips between the bounds of browsers', () => {
    const association = {rto: 3, updateRto: () => {}}
    useTimersOfBrowsers(association)
    const after = (...roundTrips: number[]) => {
      for (const roundTrip of roundTrips) (association.updateRto as (s: number) => void)(roundTrip)
      return association.rto
    }
    expect(association.rto).toBe(0.5)
    expect(after(0.001)).toBe(0.4)
    expect(after(0.3, 0.3)).toBeGreaterThan(0.4)
    expect(after(900)).toBe(60)
  })
})

describe('timers that the engine leaves running', () => {
  test('are ended with the work that started them, however deep', async () => {
    const {left} = await watchTimers(() =>
      withoutLeftoverTimers(async () => {
        void sleep(60_000)
        setInterval(() => {}, 60_000)
        await nextTurn()
        void Promise.resolve().then(() => sleep(60_000))
        await sleep(1)
      }),
    )
    await expect.poll(left).toBe(0)
  })

  test('are ended when the work fails', async () => {
    const {left} = await watchTimers(async () => {
      const work = withoutLeftoverTimers(() => {
        void sleep(60_000)
        return Promise.reject(new Error('failed'))
      })
      await expect(work).rejects.toThrow('failed')
    })
    await expect.poll(left).toBe(0)
  })

  test('are ended without touching those of others', async () => {
    const {result: other, left} = await watchTimers(async () => {
      const other = setTimeout(() => {}, 60_000)
      await Promise.all([
        withoutLeftoverTimers(() => Promise.resolve(void sleep(60_000))),
        withoutLeftoverTimers(async () => {
          await sleep(5)
          void sleep(60_000)
        }),
      ])
      return other
    })
    await expect.poll(left).toBe(1)
    clearTimeout(other)
  })
})

describe('waits', () => {
  test('end when the condition holds, and leave no listener', async () => {
    const event = new Event<[]>()
    let ready = false
    const waiting = reached(() => ready, event, new AbortController().signal)
    event.execute()
    ready = true
    event.execute()
    await waiting
    expect(event.length).toBe(0)
  })

  test('end at once when the condition holds already', async () => {
    await reached(() => true, new Event<[]>(), new AbortController().signal)
  })

  test('end with the abort, and with its reason', async () => {
    const event = new Event<[]>()
    const abort = new AbortController()
    const waiting = reached(() => false, event, abort.signal)
    abort.abort(new Error('stop'))
    await expect(waiting).rejects.toThrow('stop')
    await expect(reached(() => false, event, abort.signal)).rejects.toThrow('stop')
    expect(event.length).toBe(0)
  })
})

test('a process that made an attempt is held by no timer when the result is there', async () => {
  const server = closing(await startTurnServer({users: {u: 'p'}}))
  const address = `turn:127.0.0.1:${server.udpPort}`
  const program = `
    import {probes} from ${JSON.stringify(fileOf('../../src/probes/index.ts'))}
    import {attemptOn} from ${JSON.stringify(fileOf('../fixtures/attempt-on.ts'))}
    const options = {credentials: {username: 'u', password: 'p'}, messages: 1}
    const {ok} = await attemptOn(probes.ice, {address: ${JSON.stringify(address)}, options})
    console.log(JSON.stringify({ok, timers: process.getActiveResourcesInfo().filter((name) => name === 'Timeout')}))`
  const {stdout} = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program])
  expect(JSON.parse(stdout)).toEqual({ok: true, timers: []})
})
