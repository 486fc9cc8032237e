import {execFile} from 'node:child_process'
import {cp, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {expect, test} from 'vitest'
import {dialectSchema} from '../../src/dialect/schema.ts'
import {closing} from '../fixtures/closing.ts'
import {videoChatDialect} from '../fixtures/dialects.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')
const root = join(import.meta.dirname, '../..')

/** The sources as k6 can load them: it strips types, but knows no packages. */
async function portableSources(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'dialect-k6-'))
  closing({close: () => rm(folder, {recursive: true, force: true})})
  for (const name of ['core', 'dialect']) await cp(join(root, 'src', name), join(folder, name), {recursive: true})
  await cp(join(root, 'node_modules/re2js/build/index.js'), join(folder, 're2js.js'))
  await cp(join(root, 'test/fixtures/k6-conversation.js'), join(folder, 'conversation.js'))
  const pattern = join(folder, 'dialect/pattern.ts')
  await writeFile(pattern, (await readFile(pattern, 'utf8')).replace("'re2js'", "'../re2js.js'"))
  return folder
}

test('the same codec and dialect lead the conversation inside k6', async () => {
  const server = closing(await videoChatServer())
  const folder = await portableSources()
  const url = `${server.url.replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`
  const settings = {
    count: 5,
    intervalMs: 20,
    roundTripTimeoutMs: 2000,
    matchTimeoutMs: 5000,
    stepTimeoutMs: 5000,
    values: {sdp: 'v=0'},
  }
  const dialect = JSON.stringify(dialectSchema.parse(videoChatDialect()))
  const env = {K6_NO_USAGE_REPORT: 'true', URL: url, DIALECT: dialect, SETTINGS: JSON.stringify(settings)}
  const variables = Object.entries(env).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  const args = ['run', '--quiet', '--log-format=json', '--address=127.0.0.1:0', ...variables, 'conversation.js']
  const {stderr} = await promisify(execFile)(k6, args, {
    cwd: folder,
    timeout: 15_000,
    killSignal: 'SIGKILL',
    env: {...process.env, K6_NO_USAGE_REPORT: 'true'},
  })
  const lines = stderr.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as {msg: string}] : []))
  const answer = lines.find(({msg}) => msg.startsWith('{'))
  expect(answer, stderr).toBeDefined()
  const {told, pattern} = JSON.parse(answer?.msg ?? '{}') as {
    told: {kind: string; indicator?: string; ok?: boolean}[]
    pattern: unknown
  }
  expect(told.at(-1)).toEqual({kind: 'done'})
  expect(told.filter(({indicator, ok}) => indicator === 'signaling_rtt' && ok)).toHaveLength(5)
  expect(told.filter(({indicator, ok}) => indicator === 'operation' && ok)).toHaveLength(11)
  expect(pattern).toEqual({n: '17'})
})
