import {once} from 'node:events'
import {readFileSync, writeFileSync} from 'node:fs'
import {createServer} from 'node:https'
import type {AddressInfo} from 'node:net'
import {join} from 'node:path'
import {Server} from 'socket.io'
import {expect, test} from 'vitest'
import {failureCodes} from '../../src/core/failure.ts'
import {makeCertificate} from '../../src/demo/certificate.ts'
import {runCli} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'

const page = readFileSync('docs/handshakes.md', 'utf8')

test('the page names codes that there are, and every one of a handshake', () => {
  const rows = [...page.matchAll(/^\| (`[^|]+`) +\|/gm)].map(([, cell = '']) => cell)
  const documented = rows.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, code = '']) => code))
  expect(documented.filter((code) => !failureCodes.some((known) => known === code))).toEqual([])
  const first = failureCodes.indexOf('needs_tls')
  const last = failureCodes.indexOf('body_refused')
  const left = ['unexpected_message', 'protocol_error', 'upgrade_failed'] // of what comes after the handshake
  expect(failureCodes.slice(first, last + 1).filter((code) => ![...documented, ...left].includes(code))).toEqual([])
})

/** The page's commands of one probe, in a folder with all that they name. */
const commandsOf = (probe: string) =>
  [...page.matchAll(new RegExp(`^probe (${probe} .*)$`, 'gm'))].map(([, one = '']) => one)

async function runAll(commands: readonly string[], {port, ca}: {port: number; ca: string}): Promise<void> {
  const client = await makeCertificate()
  const cwd = configFolder({})
  for (const [name, pem] of Object.entries({'ca.pem': ca, 'client.pem': client.cert, 'client-key.pem': client.key})) {
    writeFileSync(join(cwd, name), pem)
  }
  for (const command of commands) {
    const here = command.replace(/ --connect-to \S+/, '').replace('--hold 2m', '--hold 200ms')
    const args = [...here.split(' '), '--connect-to', `127.0.0.1:${port}`, '--ca', 'ca.pem']
    const {code, stdout, stderr} = await runCli(args, {cwd, env: {HTTPS_PROXY: '', NO_PROXY: '*'}})
    expect([command, code, code === 0 ? '' : stdout + stderr]).toEqual([command, 0, ''])
  }
}

test('its commands on a WebSocket run as they stand', async () => {
  const {ca, ...tls} = await makeCertificate({names: ['chat.example.org']})
  const {port} = closing(await serveWebSocket(() => {}, {tls}))
  const commands = commandsOf('websocket')
  expect(commands.length).toBeGreaterThan(3)
  await runAll(commands, {port, ca})
}, 60_000)

test('its commands on Socket.IO run as they stand', async () => {
  const {ca, ...tls} = await makeCertificate({names: ['chat.example.org']})
  const server = createServer(tls)
  const io = new Server(server)
  io.on('connection', (socket) => socket.on('echo', (text: string, reply: (text: string) => void) => reply(text)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing({close: () => io.close()})
  const commands = commandsOf('socketio')
  expect(commands.length).toBeGreaterThan(2)
  await runAll(commands, {port: (server.address() as AddressInfo).port, ca})
}, 60_000)
