import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {text} from 'node:stream/consumers'
import {expect, test} from 'vitest'
import {loadDialect} from '../../src/config/load-dialect.ts'
import {closing} from '../fixtures/closing.ts'
import {grammarCases} from '../fixtures/k6-cases.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {readyDialects, startSignaling} from '../fixtures/signaling-servers.ts'
import {socketLoad, type LoadCase} from '../fixtures/socket-load.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'
import {bundleForK6} from '../../tools/bundle-for-k6.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')

/** Leads every case inside one k6, and says what became of each. Nothing is left for k6 to wait for: it ends by itself. */
async function leadInK6(cases: readonly LoadCase[]): Promise<unknown> {
  const folder = await mkdtemp(join(tmpdir(), 'dialect-k6-'))
  closing({close: () => rm(folder, {recursive: true, force: true})})
  const told = cases.map(({address, dialect, ...one}) => ({...one, load: socketLoad(address, dialect)}))
  await writeFile(join(folder, 'cases.json'), JSON.stringify(told))
  await bundleForK6('test/fixtures/k6-dialects.js', join(folder, 'dialects.js'))
  const args = ['run', '--quiet', '--log-format=json', '--address=127.0.0.1:0', 'dialects.js']
  const workload = {phases: [], bounds: [], sockets: {dialect: cases.map(({dialect}) => dialect)}}
  const env = {...process.env, K6_NO_USAGE_REPORT: 'true', PROBE_DRILL_WORKLOAD: JSON.stringify(workload)}
  const child = spawn(k6, args, {cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe']})
  closing({close: () => child.kill('SIGKILL')})
  const [log, [status]] = await Promise.all([text(child.stderr), once(child, 'close') as Promise<[number | null]>])
  const lines = log.split('\n').filter((line) => line.startsWith('{'))
  const outcomes = lines.map((line) => (JSON.parse(line) as {msg: string}).msg).find((msg) => msg.startsWith('{'))
  if (status !== 0 || outcomes === undefined) throw new Error(`k6 ended with ${status}: ${log}`)
  return JSON.parse(outcomes)
}

/** The real server of every ready dialect. */
async function readyCases(): Promise<LoadCase[]> {
  const echo = closing(
    await serveWebSocket((socket) => socket.on('message', (data: Buffer) => socket.send(data.toString()))),
  )
  const chat = closing(await videoChatServer())
  const real = await Promise.all(
    readyDialects.map(async ({dialect, program}) => {
      const {url} = closing(await startSignaling(dialect, need(program)))
      return {name: dialect, address: url}
    }),
  )
  const all = [
    ...real,
    {name: 'websocket-echo', address: echo.address},
    {name: 'websocket-ping', address: echo.address},
    {name: 'socketio-echo', address: chat.url},
    {name: 'video-chat', address: chat.url},
  ]
  return Promise.all(
    all.map(async ({name, address}) => {
      const {dialect} = await loadDialect({dialect: name}, {cwd: '.', env: {}})
      return {name, address, dialect}
    }),
  )
}

test('every ready dialect, and every part of the grammar, is spoken inside k6 as it is in Node', async () => {
  const cases = [...(await readyCases()), ...(await grammarCases())]
  const expected = cases.map(({name, outcome = 'passed'}) => [name, outcome])
  expect(await leadInK6(cases)).toEqual(Object.fromEntries(expected))
}, 120_000)
