import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import msgpack from 'socket.io-msgpack-parser'
import {expect, test} from 'vitest'
import {parse} from 'yaml'
import {dialectNames} from '../../src/config/dialects.ts'
import {loadPlan} from '../../src/config/plan.ts'
import {dialectSchema} from '../../src/dialect/schema.ts'
import {runCli} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {startSignaling} from '../fixtures/signaling-servers.ts'
import {videoChatServer} from '../fixtures/video-chat-server.ts'
import {need} from '../setup/need.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/dialects.md'), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^( *)\`\`\`${language}\\n(.*?)^ *\`\`\``, 'gms'))].map(([, indent = '', text = '']) =>
    text.replaceAll(new RegExp(`^${indent}`, 'gm'), ''),
  )
const yaml = blocks('yaml')
const examples = yaml.filter((text) => text.startsWith('dialect:'))
const fileNamed = (name: string) => yaml.find((text) => text.startsWith(`# ${name}\n`)) ?? ''
const commands = blocks('sh').flatMap((block) => block.trim().split('\n'))

test.each(examples)('an example of the documentation is valid: %#', (text) => {
  const {dialect} = parse(text) as {dialect: unknown}
  expect(dialectSchema.safeParse(dialect).error).toBeUndefined()
})

test('the page lists every ready dialect', async () => {
  const table = page.slice(page.indexOf('## Ready ones'), page.indexOf('## From'))
  const listed = [...table.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name)
  expect(listed.toSorted()).toEqual(await dialectNames())
})

/** Greets, lets in whoever has the token, answers pings by their number, hangs up on anything else. */
function ownServer() {
  return serveWebSocket((socket, {url = ''}) => {
    if (!url.endsWith('/chat?token=canary')) {
      socket.close(4401)
      return
    }
    socket.send('{"type":"hello","session":"s1"}')
    socket.on('message', (data: Buffer) => {
      const {type, session, n} = JSON.parse(data.toString()) as {type: string; session: string; n: number}
      if (type === 'ping' && session === 's1') socket.send(JSON.stringify({type: 'pong', n}))
      else socket.terminate()
    })
  })
}

test.each(commands.filter((command) => command.includes('my-server')))('%s works as the page says', async (command) => {
  const {address} = closing(await ownServer())
  const cwd = configFolder({'my-server.yaml': fileNamed('my-server.yaml')})
  const [, ...args] = command.replace('wss://chat.example.org', address).split(' ')
  const {code, stdout, stderr} = await runCli(args, {cwd, env: {CHAT_TOKEN: 'canary'}})
  expect({code, stderr}).toEqual({code: 0, stderr: ''})
  expect(stdout).not.toContain('canary')
})

test('the command for a PeerServer works on a real one', async () => {
  const {url} = closing(await startSignaling('peerjs', need('peerjs')))
  const [, ...args] = commands[0]?.replace('wss://peers.example.org', url).split(' ') ?? []
  expect(await runCli(args)).toMatchObject({code: 0})
})

test('the command for another parser of Socket.IO works on a real one, and says that it is no more than pings', async () => {
  const {url} = closing(await videoChatServer({server: {parser: msgpack}}))
  const command = commands.find((one) => one.includes('websocket-ping')) ?? ''
  const [, ...args] = command
    .replaceAll("'", '')
    .replace('wss://chat.example.org', url.replace('http', 'ws'))
    .split(' ')
  const {code, stdout} = await runCli(args)
  expect({code, stdout}).toMatchObject({code: 0, stdout: expect.stringContaining('no messages') as unknown})
})

test('the dialect of the page is one that a deployment may extend', async () => {
  const cwd = configFolder({
    'my-server.yaml': fileNamed('my-server.yaml'),
    'probe.yaml': `${fileNamed('probe.yaml')}targets: {backend: 'wss://chat.example.org'}\nchecks: {handshake: false, call: false}\n`,
  })
  const {checks} = await loadPlan({env: {CHAT_TOKEN: 'canary'}, cwd})
  const {options} = checks.find(({name}) => name === 'signaling') ?? {}
  expect(options).toMatchObject({dialect: {transport: {kind: 'ws', path: '/v2/chat'}, roundTrip: {kind: 'reply'}}})
})

test('the first example is a profile that leads a real conversation, as the page says', async () => {
  const {url} = closing(
    await videoChatServer({
      prepare: (io) =>
        io.on('connection', (socket) =>
          socket.on('echo', (id: string, acknowledge: (id: string) => void) => {
            acknowledge(id)
          }),
        ),
    }),
  )
  const [, command = ''] = /`probe (signaling [^`]+ --profile [^`]+)`/.exec(page) ?? []
  const cwd = configFolder({'echo.yaml': examples[0] ?? ''})
  const {code, stdout, stderr} = await runCli(command.replace('http://localhost:3000', url).split(' '), {cwd})
  expect({code, stderr}).toEqual({code: 0, stderr: ''})
  expect(stdout).toContain('signaling rtt 20/20')
})
