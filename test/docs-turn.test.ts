import {readFileSync} from 'node:fs'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {makeCertificate, type Certificate} from '../src/demo/certificate.ts'
import {runCli} from './fixtures/cli.ts'
import {configFolder} from './fixtures/config-folder.ts'
import {startCoturn, type Coturn} from './fixtures/coturn.ts'
import {startDnsmasq, type Dnsmasq} from './fixtures/dnsmasq.ts'
import {need} from './setup/need.ts'

/** The commands of the page, one a line. */
const commands = [...readFileSync('docs/turn.md', 'utf8').matchAll(/^probe (?:turn|stun) .*$/gm)].map(([line]) => line)

/** Every command of docs/turn.md on a real fleet of one: its names are known to a real DNS server, its ports by SRV records. */
describe('what the page on TURN says to run runs', () => {
  need('turnserver')
  need('dnsmasq')
  let server: Coturn
  let dns: Dnsmasq
  let certificate: Certificate
  beforeAll(async () => {
    certificate = await makeCertificate({names: ['turn.example.org', 'example.org', '127.0.0.1']})
    server = await startCoturn({
      certificate,
      args: ['--listening-ip=::1', '--listening-ip=127.0.0.2', '--relay-ip=::1'],
    })
    const records = ['turn.example.org', 'stun.example.org', 'example.org'].flatMap((name) => [
      `host-record=${name},127.0.0.1,::1`,
      ...['_turn._udp', '_turn._tcp', '_stun._udp'].map(
        (service) => `srv-host=${service}.${name},${name},${server.port}`,
      ),
      `srv-host=_turns._tcp.${name},${name},${server.tlsPort}`,
    ])
    dns = await startDnsmasq(records)
  })
  afterAll(async () => {
    await dns.close()
    await server.close()
  })

  test('there are such commands', () => {
    expect(commands.length).toBeGreaterThan(8)
  })

  test.each(commands)(
    '%s',
    async (command) => {
      const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '').slice(1)
      const args = words.map((word) =>
        word.replace('192.0.2.53', dns.at).replace('192.0.2.7', `127.0.0.1:${server.tlsPort}`),
      )
      const asked = args.includes('--dns-server') ? [] : ['--dns-server', dns.at]
      const credentials = {PROBE_TURN_USERNAME: 'u', PROBE_TURN_PASSWORD: 'p'}
      const {code, stdout, stderr} = await runCli([...args, ...asked, '--ca', 'ca.pem'], {
        cwd: configFolder({'ca.pem': certificate.ca}),
        env: credentials,
      })
      // Without SRV records the name means port 3478, where nothing of this test's listens.
      const [expected, line] = args.includes('--no-srv') ? [1, /^FAIL .*127\.0\.0\.1:3478/] : [0, /^ok /]
      expect(stdout, stderr).toMatch(line)
      expect(code).toBe(expected)
    },
    60_000,
  )
})
