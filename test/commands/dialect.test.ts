import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {parse} from 'yaml'
import {runCli} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import {serveWebSocket} from '../fixtures/serve-websocket.ts'
import {dialectNames} from '../../src/config/dialects.ts'

const mistaken = `extends: websocket-ping
open:
  - expect:
      where: {$.type: welcome}
      matches: {$.text: '(?=look)'}
  - sent: {text: hi}
`
const unsound = `extends: websocket-ping
open:
  - send: {json: {session: '{session}'}}
  - expect: {event: welcome, take: {session: $.session}}
`

test('dialect list names every ready dialect with what speaks it', async () => {
  const {code, stdout} = await runCli(['dialect', 'list'])
  expect(code).toBe(0)
  for (const name of await dialectNames()) expect(stdout).toMatch(new RegExp(`^${name} +\\S.*`, 'm'))
})

test('what dialect show prints is a dialect that dialect check accepts', async () => {
  const {stdout: shown} = await runCli(['dialect', 'show', 'janus'])
  expect(parse(shown)).toEqual(parse(readFileSync('dialects/janus.yaml', 'utf8')))
  const {code, stdout} = await runCli(['dialect', 'check', 'mine.yaml'], {cwd: configFolder({'mine.yaml': shown})})
  expect({code, stdout}).toEqual({code: 0, stdout: 'valid: mine.yaml, ws, two clients, round trips by reply\n'})
})

test('dialect check tells every mistake of shape with its place, and exits with 2', async () => {
  const {code, stderr} = await runCli(['dialect', 'check', 'mine.yaml'], {cwd: configFolder({'mine.yaml': mistaken})})
  expect(code).toBe(2)
  expect(stderr).toMatch(
    /^mine\.yaml:5:25 open\[0\]\.expect\.matches\["\$\.text"\]: expected a pattern in RE2's syntax/m,
  )
  expect(stderr).toMatch(
    /^mine\.yaml:6:5 open\[1\]\.sent: expected a known name, got "sent" \(did you mean "send"\?\)/m,
  )
})

test('dialect check tells what can never work, with its place, and exits with 2', async () => {
  const cwd = configFolder({'mine.yaml': unsound})
  const {code, stdout, stderr} = await runCli(['dialect', 'check', 'mine.yaml', '--json'], {cwd})
  expect(code).toBe(2)
  expect(stderr.trim().split('\n')).toEqual([
    'mine.yaml:3:5 open[0].send: expected a value that is set by then, got {session}, which open[1].expect sets later',
    'mine.yaml:4:5 open[1].expect: expected no `event`: messages of a plain WebSocket have no name, and `where` tells them apart',
    '  2 mistakes',
  ])
  expect(schemaErrors(JSON.parse(stdout))).toEqual([])
})

test('dialect check asks for no secret, and finds one that is written out', async () => {
  const check = (query: string) =>
    runCli(['dialect', 'check', 'mine.yaml'], {
      cwd: configFolder({'mine.yaml': `extends: websocket-ping\ntransport: {query: {token: '${query}'}}`}),
    })
  expect(await check('${NOT_SET}')).toMatchObject({code: 0})
  const {code, stderr} = await check('canary')
  expect(code).toBe(2)
  expect(stderr).toContain('expected ${ENV} or file:PATH, got a literal')
  expect(stderr).not.toContain('canary')
})

const echo = `transport: {kind: ws}
open:
  - name: the greeting
    expect: {where: {$.type: hello}}
  - send: {json: {type: join, token: '\${TOKEN}'}}
  - name: the welcome
    expect: {where: {$.type: welcome}}
roundTrip: {kind: ping}
`
const greeter = () =>
  serveWebSocket((socket) => {
    socket.send('{"type":"hello"}')
    socket.on('message', (data: Buffer) => {
      const {token} = JSON.parse(data.toString()) as {token: string}
      socket.send(JSON.stringify({type: 'denied', why: `no room for ${token}`}))
    })
  })

test('dialect try says which expectation failed and what came instead; no secret shows', async () => {
  const {address} = closing(await greeter())
  const cwd = configFolder({'mine.yaml': echo})
  const args = ['dialect', 'try', 'mine.yaml', '--url', address, '-t', '1s', '--trace']
  const {code, stdout} = await runCli(args, {cwd, env: {TOKEN: 'canary-token'}})
  expect(code).toBe(1)
  const lines = stdout.split('\n')
  expect(lines).toEqual(
    expect.arrayContaining([
      'open',
      expect.stringMatching(/^ {2}ok {4}A {2}expects a message with \$\.type = "hello" \(the greeting\) {2}\(.*s\)$/),
      expect.stringMatching(/^ {2}WAIT {2}A {2}expects .*"welcome" \(the welcome\) {2}\(did not come\)$/),
      '        A  0 of 1 came back (ping)  (not reached)',
      '           came: {"type":"denied","why":"no room for [redacted]"}',
      expect.stringMatching(/ A → \{"type":"join","token":"\[redacted\]"\}$/),
      expect.stringMatching(/ A ← \{"type":"denied","why":"no room for \[redacted\]"\}$/),
    ]),
  )
  expect(stdout).toMatch(/expected "the welcome" within .*, got \{"type":"denied","why":"no room for \[redacted\]"\}/)
  expect(stdout).not.toContain('canary')
})

test('dialect try --json has the steps and the frames, by the schema', async () => {
  const {address} = closing(await serveWebSocket())
  const {code, stdout} = await runCli(['dialect', 'try', 'websocket-ping', '--url', address, '--json'])
  const report = JSON.parse(stdout) as {checks: [{attempts: [{details: {steps: unknown[]; trace: unknown[]}}]}]}
  expect(code).toBe(0)
  expect(schemaErrors(report)).toEqual([])
  const {steps, trace} = report.checks[0].attempts[0].details
  expect(steps).toEqual([{stage: 'round_trips', client: 'a', what: '1 of 1 came back (ping)', state: 'done'}])
  expect(trace).toHaveLength(3)
})

test('Ctrl-C ends dialect try with the steps as far as they went', async () => {
  let interrupt = () => {}
  const {address} = closing(
    await serveWebSocket((socket) => {
      socket.send('{"type":"hello"}')
      socket.on('message', () => interrupt())
    }),
  )
  const cwd = configFolder({'mine.yaml': echo})
  const {code, stdout} = await runCli(['dialect', 'try', 'mine.yaml', '--url', address, '-t', '60s'], {
    cwd,
    env: {TOKEN: 'canary-token'},
    onStart: (child) => (interrupt = () => child.kill('SIGINT')),
  })
  expect(code).toBe(130)
  expect(stdout).toMatch(/^ {2}WAIT {2}A {2}expects .*"welcome"/m)
  expect(stdout).not.toContain('canary')
})

test('dialect try sends nothing of a dialect that has mistakes', async () => {
  let connections = 0
  const {address} = closing(await serveWebSocket(() => connections++))
  const cwd = configFolder({'mine.yaml': unsound})
  expect(await runCli(['dialect', 'try', 'mine.yaml', '--url', address], {cwd})).toMatchObject({code: 2})
  expect(connections).toBe(0)
})
