import {readFileSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
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

test('its commands on a WebSocket run as they stand', async () => {
  const {ca, ...tls} = await makeCertificate({names: ['chat.example.org']})
  const client = await makeCertificate()
  const server = closing(await serveWebSocket(() => {}, {tls}))
  const cwd = configFolder({})
  for (const [name, pem] of Object.entries({'ca.pem': ca, 'client.pem': client.cert, 'client-key.pem': client.key})) {
    writeFileSync(join(cwd, name), pem)
  }
  const commands = [...page.matchAll(/^probe (websocket .*)$/gm)].map(([, command = '']) => command)
  expect(commands.length).toBeGreaterThan(3)
  for (const command of commands) {
    const here = command.replace(/ --connect-to \S+/, '').replace('--hold 2m', '--hold 200ms')
    const args = [...here.split(' '), '--connect-to', `127.0.0.1:${server.port}`, '--ca', 'ca.pem']
    const {code, stdout, stderr} = await runCli(args, {cwd})
    expect([command, code, code === 0 ? '' : stdout + stderr]).toEqual([command, 0, ''])
  }
}, 60_000)
