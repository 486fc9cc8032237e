import {setFlagsFromString} from 'node:v8'
import {runInNewContext} from 'node:vm'
import {expect, test} from 'vitest'
import {probes} from '../../src/probes/index.ts'
import {runCheck} from '../../src/probes/run-check.ts'
import {closing} from '../fixtures/closing.ts'
import {startCoturn, until} from '../fixtures/coturn.ts'
import {videoChatDialect} from '../fixtures/dialects.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

need('turnserver')

const CALLS = 200
/** In so many parts, whose heaps are compared. */
const PARTS = 4
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
const MEGABYTE = 1024 * 1024

test('two hundred calls leave no socket, no timer and no allocation, and the heap stays where it is', async () => {
  const [chat, coturn] = [closing(await videoChatServer()), closing(await startCoturn())]
  const turn = {address: `turn:127.0.0.1:${coturn.port}`, credentials: {username: 'u', password: 'p'}}
  const options = {dialect: videoChatDialect(), turn, messages: 1, media: '40ms'}
  const probe = await probes.call.configure(options)
  const check = {
    ...{name: 'call', probe: 'call', target: {address: chat.url, display: chat.url}, options},
    ...{attempts: CALLS / PARTS, concurrency: 4, intervalMs: 0, timeoutMs: 60_000, needs: [], tags: []},
  }
  const before = handles()
  const heaps: number[] = []
  for (let part = 0; part < PARTS; part++) {
    const results = await runCheck(probe, check, {signal: new AbortController().signal, secrets: []})
    expect(results.flatMap((result) => (result.ok ? [] : [result.failure]))).toEqual([])
    await until(() => Promise.resolve(handles() <= before))
    heaps.push(heapAfterCollection())
  }
  await until(async () => (await coturn.openAllocations()) === 0)
  const [first = 0] = heaps
  const grown = Math.max(...heaps.slice(1)) - first
  expect(grown / MEGABYTE, `heaps ${heaps.map((bytes) => (bytes / MEGABYTE).toFixed(1)).join(', ')} MB`).toBeLessThan(
    10,
  )
}, 300_000)

/** Sockets and timers of this process, its servers' included. */
function handles(): number {
  return process.getActiveResourcesInfo().filter((name) => /TCPSocketWrap|TLSWrap|UDPWrap|^Timeout$/.test(name)).length
}

function heapAfterCollection(): number {
  for (let n = 0; n < 3; n++) collect()
  return process.memoryUsage().heapUsed
}
