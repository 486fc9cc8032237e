import {execFile} from 'node:child_process'
import {createServer} from 'node:http'
import {once} from 'node:events'
import type {AddressInfo} from 'node:net'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {promisify} from 'node:util'
import {Server} from 'socket.io'
import {expect, test} from 'vitest'
import {ackDialect} from '../fixtures/dialects.ts'
import {drillIn} from '../fixtures/drill.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')

const program = fileURLToPath(new URL('../fixtures/official-round-trips.ts', import.meta.url))

/** Round trips of the protocol's own client, in a process of its own as k6 is, timed by Node's clock. */
async function officialRoundTrips(url: string): Promise<number[]> {
  const {stdout} = await promisify(execFile)(process.execPath, [program, url, '4'])
  return JSON.parse(stdout) as number[]
}

test(
  "k6's round trips agree with those of socket.io-client on the same server at the same time",
  {timeout: 90_000},
  async () => {
    const server = createServer()
    const sockets = new Server(server)
    sockets.on('connection', (socket) => {
      socket.on('echo', (...args: unknown[]) => {
        const answer = args.pop()
        if (typeof answer === 'function') (answer as (...args: unknown[]) => void)(...args)
      })
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const folder = await mkdtemp(join(tmpdir(), 'clock-'))
    try {
      const profile = {
        name: 'clock',
        title: 'a clock',
        document: {title: 'none', file: 'none'},
        endpoints: {chat: {title: 'chat', schemes: ['http'], example: 'http://localhost:1'}},
        checks: {echo: {probe: 'signaling', target: 'chat', count: 2}},
        dialect: ackDialect,
        objectives: {},
        peak: {connections: 5},
      }
      await writeFile(join(folder, 'clock.yaml'), JSON.stringify(profile))
      await writeFile(join(folder, 'probe.yaml'), `profile: ./clock.yaml\ninstance: here\ntargets: {chat: "${url}"}\n`)
      let official: Promise<number[]> | undefined
      const pace = {warmUpMs: 0, rampMs: 1000, steadyMs: 6000, downMs: 2500}
      const {report} = await drillIn(folder, {
        wishes: {scenario: 'signaling', socketsPerVu: 5, intervalMs: 100, lifeMs: 60_000, pace},
        settings: {
          k6,
          canaryEveryMs: 60_000,
          onPoint({phase}) {
            if (phase === 'steady') official ??= officialRoundTrips(url)
          },
        },
      })
      const theirs = Math.min(...((await official) ?? []))
      const ours = report.drill?.phases.find(({judged}) => judged)?.trends.rtt_ms
      expect(ours?.count).toBeGreaterThan(100)
      // The fastest of many depends least on what else the machine does. Whole milliseconds would make ours 0 or 1, and a
      // wrong offset between the two clocks of k6 any number at all.
      const told = `socket.io-client's fastest took ${theirs} ms`
      expect(ours?.min, told).toBeGreaterThan(theirs / 8)
      expect(ours?.min, told).toBeLessThan(2 * theirs + 0.5)
    } finally {
      await sockets.close()
      await rm(folder, {recursive: true, force: true})
    }
  },
)
