import {execFile} from 'node:child_process'
import {readFile} from 'node:fs/promises'
import {setImmediate as nextTurn, setTimeout as sleep} from 'node:timers/promises'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {Event, RTCPeerConnection, StunOverTurnProtocol, type TurnProtocol} from 'werift'
import {describe, expect, test} from 'vitest'
import {startTurnServer} from '../../src/demo/turn/server.ts'
import {coalesceHandshake} from '../../src/probes/ice/coalesce-handshake.ts'
import {withoutLeftoverTimers} from '../../src/probes/ice/engine-timers.ts'
import {iceAgentOf, privateMembers} from '../../src/probes/ice/relay-candidate.ts'
import {reached, within} from '../../src/probes/ice/wait.ts'
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

  test('holds every member that the relay is put in by', async () => {
    const agent = iceAgentOf(await offeringPeer())
    expect(Object.keys(privateMembers)).toHaveLength(7)
    expect(agent.protocols).toEqual([])
    expect(agent.getCandidatePromises([])).toEqual([])
  })

  test.each(Object.keys(privateMembers))('is missed by name when %s is gone', async (name) => {
    const peer = await offeringPeer()
    const connection = peer.iceTransports[0]?.connection
    Object.defineProperty(connection, name, {value: undefined})
    expect(() => iceAgentOf(peer)).toThrow(`werift has changed: its ICE agent has no ${name}`)
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

describe('handshake records', () => {
  const record = (type: number, length = 100) => Buffer.concat([Buffer.from([type]), Buffer.alloc(length - 1)])

  function recorder(): {sent: string[]; send: (peer: string, data: Buffer) => void} {
    const sent: string[] = []
    return {sent, send: coalesceHandshake<string>((peer, datagram) => sent.push(`${peer} ${datagram.length}`))}
  }

  test('of one turn leave in one datagram', async () => {
    const {sent, send} = recorder()
    for (const type of [22, 22, 20, 22]) send('a', record(type))
    expect(sent).toEqual([])
    await nextTurn()
    expect(sent).toEqual(['a 400'])
  })

  test('leave in datagrams of 1200 bytes at most', async () => {
    const {sent, send} = recorder()
    for (const length of [700, 500, 100, 1300, 50]) send('a', record(22, length))
    await nextTurn()
    expect(sent).toEqual(['a 1200', 'a 100', 'a 1300', 'a 50'])
  })

  test('are not overtaken by application data', async () => {
    const {sent, send} = recorder()
    send('a', record(20))
    send('a', record(23, 60))
    expect(sent).toEqual(['a 100', 'a 60'])
    await nextTurn()
    expect(sent).toHaveLength(2)
  })

  test('do not hold up connectivity checks', () => {
    const {sent, send} = recorder()
    send('a', record(22))
    send('a', record(0, 88))
    expect(sent).toEqual(['a 88'])
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

  test('end with a failure of their own when their time is up', async () => {
    const {signal} = new AbortController()
    const limit = {ms: 5, signal, failure: () => new Error('too late')}
    await expect(within(limit, (step) => reached(() => false, new Event<[]>(), step))).rejects.toThrow('too late')
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
