import {expect, test} from 'vitest'
import {loadDialect, type DialectSource} from '../../src/config/load-dialect.ts'
import {ConfigError} from '../../src/config/mistake.ts'
import {loadPlan} from '../../src/config/plan.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {videoChatDialect} from '../fixtures/dialects.ts'

const targets = 'targets: {backend: "https://chat.example.org"}\n'
/** What a plain WebSocket without a hand-over cannot do is switched off. */
const plain = `${targets}checks: {handshake: false, call: false}\n`
const ping = 'transport: {kind: ws}\nroundTrip: {kind: ping}\n'

async function dialectsOf(files: Readonly<Record<string, string>>, env: Readonly<Record<string, string>> = {}) {
  const {checks} = await loadPlan({env, cwd: configFolder(files)})
  return Object.fromEntries(
    checks.flatMap(({name, options}) => {
      const {dialect} = options as {dialect?: unknown}
      return dialect === undefined ? [] : [[name, dialect]]
    }),
  )
}

async function mistakesOf(files: Readonly<Record<string, string>>, source: DialectSource = {dialect: './mine.yaml'}) {
  const error = await loadDialect(source, {cwd: configFolder(files), env: {}}).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).message.split('\n')
}

test('the profile names its dialect, and every check that speaks it has it', async () => {
  const {handshake, signaling} = await dialectsOf({'probe.yaml': targets})
  expect(signaling).toEqual(videoChatDialect())
  expect(handshake).toEqual(signaling)
})

test('a deployment writes over parts of the dialect of its profile', async () => {
  const {signaling} = await dialectsOf({'probe.yaml': `${targets}dialect: {transport: {path: /ws/}}`})
  const {transport} = videoChatDialect() as {transport: object}
  expect(signaling).toEqual({...videoChatDialect(), transport: {...transport, path: '/ws/'}})
})

test('a dialect that is named takes the place of the one below, whole', async () => {
  const {signaling} = await dialectsOf({'probe.yaml': `${plain}dialect: websocket-ping`})
  expect(signaling).toEqual({transport: {kind: 'ws'}, roundTrip: {kind: 'ping'}})
})

test('a dialect may extend one by name and one by path, from its own folder', async () => {
  const {signaling} = await dialectsOf({
    'probe.yaml': `${plain}dialect: {extends: ./dialects/top.yaml, transport: {path: /top}}`,
    'dialects/top.yaml': 'extends: base/ours.yaml\nleave: [{send: {text: bye}}]',
    'dialects/base/ours.yaml': 'extends: websocket-ping\ntransport: {path: /ours, query: {v: "1"}}',
  })
  expect(signaling).toEqual({
    transport: {kind: 'ws', path: '/top', query: {v: '1'}},
    roundTrip: {kind: 'ping'},
    leave: [{send: {text: 'bye'}}],
  })
})

test('a check, and a target for its checks, may name a dialect of their own', async () => {
  const checks = 'checks: {other: {probe: signaling, target: backend, dialect: websocket-ping}}\n'
  const own = await dialectsOf({'probe.yaml': targets + checks})
  expect(own.other).toMatchObject({roundTrip: {kind: 'ping'}})
  expect(own.signaling).toEqual(videoChatDialect())
  const ofTarget =
    'targets: {backend: {address: "wss://chat.example.org", dialect: "${DIALECT}"}}\nchecks: {handshake: false, health: false, call: false}'
  const {signaling} = await dialectsOf({'probe.yaml': ofTarget}, {DIALECT: 'websocket-ping'})
  expect(signaling).toMatchObject({roundTrip: {kind: 'ping'}})
})

test('secrets of a dialect come from the environment or a file, and are told to be masked', async () => {
  const cwd = configFolder({
    'mine.yaml': `extends: websocket-ping\ntransport: {headers: {Authorization: 'Bearer \${TOKEN}', Cookie: 'file:cookie'}}`,
    cookie: 'sid=canary-cookie\n',
  })
  const {dialect, secrets} = await loadDialect({dialect: './mine.yaml'}, {cwd, env: {TOKEN: 'canary-token'}})
  expect(dialect.transport.headers).toEqual({Authorization: 'Bearer canary-token', Cookie: 'sid=canary-cookie'})
  expect(secrets).toEqual(expect.arrayContaining(['canary-token', 'sid=canary-cookie']))
})

test('the secrets of an inline dialect of a profile are filled in, too', async () => {
  const cwd = configFolder({'p.yaml': `dialect: {extends: websocket-ping, transport: {query: {token: '\${TOKEN}'}}}`})
  const {dialect} = await loadDialect({profile: './p.yaml'}, {cwd, env: {TOKEN: 'canary-token'}})
  expect(dialect.transport.query).toEqual({token: 'canary-token'})
})

test.each([
  [
    'an unknown name',
    'extends: websocket-pinq',
    [
      'mine.yaml:1:10 extends: expected the name of a dialect, got "websocket-pinq" (did you mean "websocket-ping"?); a dialect of your own is named by its path',
    ],
  ],
  [
    'a loop',
    'extends: ./mine.yaml',
    ['mine.yaml:1:10 extends: expected a dialect that does not extend itself, got ./mine.yaml'],
  ],
  [
    'an unknown key',
    `${ping}leaves: []`,
    ['mine.yaml:3:1 leaves: expected a known name, got "leaves" (did you mean "leave"?)'],
  ],
  [
    'a literal secret',
    'extends: websocket-ping\ntransport:\n  headers: {Cookie: sid=1}',
    ['mine.yaml:3:21 transport.headers.Cookie: expected ${ENV} or file:PATH, got a literal'],
  ],
  [
    'a variable that is not set',
    'extends: websocket-ping\ntransport: {query: {room: "${ROOM}"}}',
    ['mine.yaml:2:27 transport.query.room: expected the environment variable ROOM to be set, got nothing'],
  ],
  [
    'a step that is two',
    `${ping}open:\n  - {send: {text: hi}, expect: {}}`,
    ['mine.yaml:4:24 open[0].expect: expected names that go together, got "expect" beside send'],
  ],
  ['no step at all', `${ping}open: [5]`, ['mine.yaml:3:8 open[0]: expected a mapping, got 5']],
  [
    'a pause without end',
    `${ping}open: [{pause: 9999d}]`,
    ['mine.yaml:3:16 open[0].pause: expected a duration from 10ms to 24d, got "9999d"'],
  ],
  [
    'a pattern that would backtrack',
    `${ping}open: [{expect: {matches: {$: '(?=x)'}}}]`,
    [expect.stringMatching(/^mine\.yaml:3:31 open\[0\]\.expect\.matches\.\$: expected a pattern in RE2's syntax, got/)],
  ],
  [
    'more levels than anybody writes',
    `${ping}open: ${'['.repeat(5000)}`,
    [expect.stringMatching(/^mine\.yaml:3:\d+: expected YAML, got too many levels of nesting$/)],
  ],
  ['YAML that is none', 'transport: {', [expect.stringMatching(/^mine\.yaml:1:\d+: /)]],
])('%s is a mistake with its place', async (_what, text, expected) => {
  expect(await mistakesOf({'mine.yaml': text})).toEqual(expected)
})

test('a mistake in what is extended is told where it is written', async () => {
  const files = {
    'mine.yaml': 'extends: base.yaml\nleave: []',
    'base.yaml': 'transport: {kind: ws}\nroundTrip: {kind: pink}',
  }
  expect(await mistakesOf(files)).toEqual([
    'base.yaml:2:19 roundTrip.kind: expected relay, reply, ack or ping, got "pink" (did you mean ping?)',
  ])
})

test('a deployment whose dialect can never work is a mistake of its config', async () => {
  const files = {'probe.yaml': `${targets}dialect:\n  leave:\n    - send: {event: bye, args: ['{rom}']}`}
  await expect(dialectsOf(files)).rejects.toThrow(
    /^probe\.yaml:4:7 dialect\.leave\[0\]\.send: expected a value .* got \{rom\}/,
  )
})

test('a profile without a dialect is told so', async () => {
  expect(await mistakesOf({'p.yaml': 'name: p'}, {profile: './p.yaml'})).toEqual([
    'profile ./p.yaml: expected a `dialect`, got none; see docs/dialects.md',
  ])
})
