import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, describe, expect, test} from 'vitest'
import {startTurnServer} from '../../src/demo/turn/server.ts'
import {runCli} from '../fixtures/cli.ts'
import {serveHttp, type HttpServer} from '../fixtures/serve-http.ts'

/** Every exit code of the one table, through the built binary. */
describe('the exit code', () => {
  let folder: string
  let servers: HttpServer[]

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'probe-exit-'))
    servers = []
  })
  afterEach(async () => {
    await Promise.all(servers.map((server) => server.close()))
    await rm(folder, {recursive: true, force: true})
  })

  /** A backend whose /health answers with these statuses in turn, the last one for ever. */
  async function backend(...statuses: number[]): Promise<string> {
    const server = await serveHttp((_request, response) => {
      const [status = 200, ...rest] = statuses
      if (rest.length > 0) statuses = rest
      response.writeHead(status, {'content-type': 'application/json'}).end('{"status":"ok"}')
    })
    servers.push(server)
    return server.address
  }

  async function config(text: string): Promise<string> {
    const file = join(folder, 'probe.yaml')
    await writeFile(file, text)
    return file
  }

  const run = (...args: string[]) => runCli(['run', 'health', ...args], {cwd: folder})

  test('is 0 when every promise is kept', async () => {
    await config(`targets: {backend: ${await backend(200)}}`)
    expect(await run()).toMatchObject({code: 0})
  })

  test('is 1 when an alert threshold is crossed', async () => {
    await config(`targets: {backend: ${await backend(503)}}`)
    expect(await run()).toMatchObject({code: 1})
  })

  const onlyTarget = `
objectives:
  error-rate: null
  availability: {alert: null}`

  test('is 1 when a target is missed, and 0 with --fail-on fail', async () => {
    await config(`targets: {backend: ${await backend(503, 200)}}${onlyTarget}`)
    expect(await run()).toMatchObject({code: 1})
    await config(`targets: {backend: ${await backend(503, 200)}}${onlyTarget}`)
    expect(await run('--fail-on', 'fail')).toMatchObject({code: 0})
  })

  test.each([
    ['an unknown flag', ['run', '--colour']],
    ['an unknown command', ['rnu']],
    ['a check that does not exist', ['run', 'heatlh', '--target', 'backend=http://127.0.0.1:1']],
    ['no target at all', ['run']],
    ['a config that is not there', ['run', '--config', 'nowhere.yaml']],
    ['an address that is none', ['http', 'gopher://127.0.0.1/']],
    ['a count of zero', ['http', 'http://127.0.0.1:1', '--count', '0']],
    ['a duration that is none', ['http', 'http://127.0.0.1:1', '--timeout', 'soon']],
  ])('is 2 for %s, with one clear message', async (_what, args) => {
    const {code, stdout, stderr} = await runCli(args, {cwd: folder})
    expect(stderr).not.toMatch(/ {4}at /)
    expect(stderr.trim()).not.toBe('')
    expect(stdout).toBe('')
    expect(code).toBe(2)
  })

  const port = 'http://127.0.0.1:1'
  test.each([
    [['http', port, '--count', '-1'], '--count: expected a whole number from 1 to 1000, got "-1"'],
    [['http', port, '--timeout', '0'], '--timeout: expected a duration from 1ms to 24d, got "0"'],
    [['http', port, '--timeout', '60d'], '--timeout: expected a duration from 1ms to 24d, got "60d"'],
    [['http', port, '--redirects', '11'], '--redirects: expected an integer less than or equal to 10, got 11'],
    [
      ['http', port, '--status', 'ok'],
      '--status: expected a status from 100 to 599 or a class such as "2xx", got "ok"',
    ],
    [['http', port, '--method', 'PULL'], /^--method: expected "GET", .* or "OPTIONS", got "PULL"$/],
    [['http', port, '--ca', 'no.pem'], '--ca: cannot read no.pem (ENOENT)'],
    [['http'], 'Missing 1 required arg: url  http:// or https:// address'],
    [['turn', 'turn:127.0.0.1', '--packets', '0'], '--packets: expected at least 1, got 0'],
    [['turn', 'turn:127.0.0.1', '--packets', 'x'], '--packets: expected an integer, got x'],
    [['turn', 'turn:127.0.0.1', '--rate', '0'], '--rate: expected at least 1, got 0'],
    [['turn', 'turn:127.0.0.1', '--size', '9999'], '--size: expected at most 1100, got 9999'],
    [['turn', 'turn:127.0.0.1', '--duration', '5m'], '--duration: expected a duration from 1ms to 4m, got "5m"'],
    [['turn', 'turn:127.0.0.1', '--rate', '999', '--duration', '3m'], /^--duration: expected at most 20000 packets/],
    [['turn', 'turn:127.0.0.1:99999'], 'expected a port of 1 to 65535, got 99999'],
    [['turn', 'example.org'], /^expected turn:HOST.*, got example.org$/],
    [['turn', 'turn:127.0.0.1', '--connect-to', ':1'], '--connect-to: expected a host name or an address, got none'],
    [['turn', '127.0.0.1'], 'expected turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT], got 127.0.0.1'],
    [['turn', 'turn:127.0.0.1:65536'], 'expected a port of 1 to 65535, got 65536'],
    [['turn', 'turn:127.0.0.1', '--size', '5'], '--size: expected at least 20, got 5'],
    [['turn', 'turn:127.0.0.1', '--secret-file', 'no'], '--secret-file: cannot read no (ENOENT)'],
    [
      ['turn', 'turn:127.0.0.1', '--secret-file', '/dev/null'],
      '--secret-file: expected a secret in /dev/null, got an empty file',
    ],
    [['turn', 'turn:127.0.0.1', '--username', 'u'], 'no password for u'],
    [['stun', 'http://127.0.0.1'], /^expected stun:HOST/],
    [['stun', 'stun:127.0.0.1:0'], 'expected a port of 1 to 65535, got 0'],
    [['stun'], /^Missing 1 required arg: server/],
    [['turn', 'turn:127.0.0.1', '--password-file', 'x'], '--password-file: expected --username with it, got none'],
    [['signaling', port, '--count', '0'], '--count: expected at least 1, got 0'],
  ] as const)('is 2 for %j, and the first line names the flag', async (args, line) => {
    const {code, stderr} = await runCli(args, {cwd: folder})
    expect(stderr.split('\n')[0]).toEqual(typeof line === 'string' ? line : expect.stringMatching(line))
    expect(code).toBe(2)
  })

  test('is 2 for a secret that the environment holds without a value', async () => {
    const env = {PROBE_TURN_SECRET: ''}
    const {code, stderr} = await runCli(['turn', 'turn:127.0.0.1:1'], {cwd: folder, env})
    expect(stderr.split('\n')[0]).toBe('PROBE_TURN_SECRET: expected a secret, got an empty one')
    expect(code).toBe(2)
  })

  test('is 2 where the server asks for credentials and nobody gave any', async () => {
    const server = await startTurnServer({users: {u: 'p'}})
    try {
      const {code, stdout} = await runCli(['turn', `turn:127.0.0.1:${server.udpPort}`], {cwd: folder})
      expect(stdout).toMatch(
        /the server asks for credentials \(401\) and none were given\n {4}hint: give .*PROBE_TURN_SECRET/,
      )
      expect(code).toBe(2)
    } finally {
      await server.close()
    }
  })

  test('is not 2 for a flag that wins over the environment', async () => {
    await writeFile(join(folder, 'secret'), 'a secret')
    const env = {PROBE_TURN_USERNAME: 'alice'}
    const {code} = await runCli(['turn', 'turn:127.0.0.1:1', '--secret-file', 'secret'], {cwd: folder, env})
    expect(code).toBe(1)
  })

  test('is 2 for a variable that the environment lacks, with its place', async () => {
    await config(
      'targets:\n  backend: http://127.0.0.1:1\n  turn: {address: "turn:127.0.0.1:1", credentials: {secret: "${TURN_SECRET}"}}\n',
    )
    const {code, stderr} = await run()
    expect(stderr).toMatch(/probe\.yaml:3:\d+ targets\.turn\.credentials\.secret: .*TURN_SECRET/)
    expect(code).toBe(2)
  })

  test('is 3 when there are too few events under --strict', async () => {
    await config(`targets: {backend: ${await backend(200)}}\nobjectives: {availability: {minEvents: 100}}`)
    const {code, stdout} = await run('--strict')
    expect(stdout).toMatch(/inconclusive/)
    expect(code).toBe(3)
  })

  test('is 4 when all is well but a required export failed', async () => {
    const gateway = await backend(500)
    await config(`targets: {backend: ${await backend(200)}}\nsinks: {pushgateway: {url: ${gateway}, required: true}}`)
    const {code, stdout} = await run('--push')
    expect(stdout).toMatch(/pushgateway/)
    expect(code).toBe(4)
  })

  test('is 1 rather than 4 when both hold', async () => {
    const gateway = await backend(500)
    await config(`targets: {backend: ${await backend(503)}}\nsinks: {pushgateway: {url: ${gateway}, required: true}}`)
    expect(await run('--push')).toMatchObject({code: 1})
  })

  test.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('is that of %s, with what is known by then', async (signal, code) => {
    let asked = () => {}
    const waiting = new Promise<void>((resolve) => (asked = resolve))
    const server = await serveHttp(() => asked()) // and never answers
    servers.push(server)
    await config(`targets: {backend: ${server.address}}`)
    const result = await runCli(['run', 'health', '--json'], {
      cwd: folder,
      onStart: (child) => void waiting.then(() => child.kill(signal)),
    })
    expect(JSON.parse(result.stdout)).toMatchObject({schema: 1, status: 'inconclusive'})
    expect(result.code).toBe(code)
  })

  test.each([
    [[200], 0],
    [[503], 2],
  ])('follows the Nagios convention under --format nagios', async (statuses, code) => {
    await config(`targets: {backend: ${await backend(...statuses)}}`)
    expect(await run('--format', 'nagios')).toMatchObject({code})
  })

  test('is the Nagios UNKNOWN for usage errors under --format nagios', async () => {
    expect(await runCli(['run', '--format', 'nagios', '--colour'], {cwd: folder})).toMatchObject({code: 3})
    expect(await runCli(['run', '-f', 'nagios', '--colour'], {cwd: folder})).toMatchObject({code: 3})
  })
})
