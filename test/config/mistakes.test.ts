import {readdirSync} from 'node:fs'
import {fileURLToPath} from 'node:url'
import {describe, expect, test} from 'vitest'
import {probeNames} from '../../src/config/check-schema.ts'
import {ConfigError} from '../../src/config/mistake.ts'
import {loadPlan} from '../../src/config/plan.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {profileNames} from '../../src/config/profiles.ts'

const folder = fileURLToPath(new URL('../fixtures/config/bad/', import.meta.url))
const anyProbe = `${probeNames.slice(0, -1).join(', ')} or ${probeNames.at(-1) ?? ''}`

/** Every bad file with everything that is said of it. */
const cases: Readonly<Record<string, readonly string[]>> = {
  'a-list': [':1:1: expected names with values, got a list'],
  addresses: [
    ':2:11 location: expected ${NAME} or ${NAME:-default}, got ${NO-PE}; $${ stands for a plain ${',
    ':3:12 reference: expected a port of 1 to 65535, got "gate.example.org:99999"',
    ':5:3 targets.backend: expected each address once, got a list',
    ':7:22 sinks.pushgateway.url: expected ${ENV} in place of the password, got a literal',
  ],
  'alias-bomb': [':1:1: expected aliases that stay small, got one that multiplies itself'],
  'alias-of-itself': [':3:23: expected an alias of something else, got one of what it is in'],
  'bare-reference': [
    ':2:1: expected each name once, got one twice',
    ':4:60: expected "${NAME}" in quotes inside { } and [ ], got it bare',
  ],
  'broken-and-unruly': [
    ':4:22 checks.health.attempts: expected a number, got "many"',
    ':5:27 checks.ready.needs[1]: expected the name of a check (health, ready, turn), got "nothing"',
  ],
  'disable-nothing': [
    ':4:3 checks.helth: expected the name of a check, got "helth" (did you mean "health"?)',
    ':5:3 checks.raedy: expected the name of a check, got "raedy" (did you mean "ready"?)',
  ],
  'duplicate-key': [':5:1: expected each name once, got one twice', ':7:1: expected each name once, got one twice'],
  'extends-itself': [
    'extends-itself.profile.yaml:1:10 extends: expected a profile that does not extend itself, got ./extends-itself.profile.yaml',
  ],
  indicators: [
    ':4:24 objectives.latency.indicator: expected the name of an indicator, got "heatlh" (did you mean "health"?)',
  ],
  'literal-secrets': [
    ':5:20 targets.backend.auth.bearer: expected ${ENV} or file:PATH, got a literal',
    ':6:23 targets.backend.headers.Cookie: expected ${ENV} or file:PATH, got a literal',
    ':7:59 targets.turn.credentials.secret: expected ${ENV} or file:PATH, got a literal',
    ':9:15 checks.turn.key: expected ${ENV} or file:PATH, got a literal',
    ':11:89 sinks.pushgateway.auth.basic.password: expected ${ENV} or file:PATH, got a literal',
  ],
  'missing-environment': [
    ':2:11 location: expected the environment variable REGION to be set, got nothing',
    ':4:12 targets.backend: expected the environment variable BACKEND_HOST to be set, got nothing',
    ':5:59 targets.turn.credentials.secret: expected a readable file, got ENOENT for file:no-such-secret',
  ],
  missing: [
    `:4:3 checks.other.probe: expected ${anyProbe}, got nothing`,
    ':5:3 checks.third.target: expected a string, got nothing',
    ':7:3 objectives.fresh.indicator: expected a string, got nothing',
    ':7:3 objectives.fresh.sources: expected a list, got nothing',
  ],
  'names-of-javascript': [
    `:4:18 checks.fresh.probe: expected ${anyProbe}, got "constructor"`,
    ':5:32 checks.other.target: expected lower-case letters and digits with single dashes between, got "__proto__"',
  ],
  needs: [
    ':4:20 checks.health.needs[0]: expected the name of a check, got "redy" (did you mean "ready"?)',
    ':5:11 checks.ready.needs: expected needs that end somewhere, got ready → turn → ready',
    ':7:43 checks.selfish.needs: expected needs that end somewhere, got selfish → selfish',
  ],
  objectives: [
    ':5:19 objectives.availability.of.checks[0]: expected the name of a check, got "helth" (did you mean "health"?)',
    ':6:20 objectives.availability.alert.share: expected nothing stricter than the target (0.99), got 0.995',
    ':6:36 objectives.availability.alert.runbook: expected the name of a runbook, got "restrat" (did you mean "restart"?)',
    ':7:3 objectives.latency: expected a target, an alert or a page, got nothing',
    ':13:31 objectives.stricter.alert.max: expected nothing stricter than the target (500), got 200',
    ':14:19 objectives.stricter.page.share: expected nothing stricter than the alert (0.95), got 0.99',
    ':27:32 objectives.never.target.max: expected a number above 0 of the unit ms, got 0',
  ],
  'profile-file': [':1:10 profile: expected a readable file, got ENOENT for ../no-such.yaml'],
  syntax: [':3:1: expected YAML, got: Flow map in block collection must be sufficiently indented and end with a }'],
  targets: [
    ':3:33 targets.backend[1]: expected an http:// or https:// address, got "http:127.0.0.1"',
    ':3:51 targets.backend[2]: expected ${ENV} in place of the password, got a literal',
    ':3:51 targets.backend[2]: expected an http:// or https:// address, got "ftp://127.0.0.1/?key=…"',
    ':4:3 targets.backnd: expected the name of a target that some check is on, got "backnd" (did you mean "backend"?)',
    ':5:49 targets.turn.sercet: expected a known name, got "sercet"',
    ':7:32 checks.fresh.target: expected the name of a target, got "bakend" (did you mean "backend"?)',
  ],
  'two-documents': [':2:1: expected one document, got several'],
  'unknown-keys': [
    ':2:1 target: expected a known name, got "target" (did you mean "targets"?)',
    ':5:12 checks.health.tiemout: expected a known name, got "tiemout" (did you mean "timeout"?)',
    ':5:34 checks.health.expect.stauts: expected a known name, got "stauts" (did you mean "status"?)',
    ':6:41 checks.xyzzy.frobnicate: expected a known name, got "frobnicate"',
    ':9:14 objectives.latency.target.shear: expected a known name, got "shear" (did you mean "share"?)',
    ':11:3 sinks.pushgatway: expected a known name, got "pushgatway" (did you mean "pushgateway"?)',
  ],
  'unknown-probe': [
    `:4:19 checks.health.probe: expected ${anyProbe}, got "htpp" (did you mean http?)`,
    `:5:18 checks.fresh.probe: expected ${anyProbe}, got "gopher"`,
  ],
  'unknown-tag': [':2:20: expected YAML, got: Unresolved tag: !secret'],
  waiting: [
    ':4:21 checks.health.timeout: expected a duration from 1ms to 24d, got 0',
    ':4:31 checks.health.every: expected a duration from 0 to 24d, got "60d"',
    ':5:20 checks.ready.timeout: expected a duration from 1ms to 24d, got "25d"',
    ':6:28 sinks.pushgateway.url: expected an http:// or https:// address, got "ftp://127.0.0.1"',
    ':6:56 sinks.pushgateway.timeout: expected a duration from 1ms to 24d, got "0s"',
  ],
  'wrong-types': [
    ':2:47 targets.turn.address: expected at least 1 in the list, got an empty list',
    ':3:12 reference: expected HOST:PORT, got "example.org"',
    ':4:11 location: expected some text, got ""',
    ':6:22 checks.health.attempts: expected a whole number, got 2.5',
    ':6:36 checks.health.timeout: expected a duration such as "500ms", "5s" or "1m30s", got "5 minutes"',
    ':6:65 checks.health.expect.status[0]: expected a status from 100 to 599 or a class such as "2xx", got 99',
    ':6:77 checks.health.tags: expected a list, got "backend"',
    ':6:94 checks.health.family: expected 4 or 6, got 5',
    ':7:19 checks.ready.method: expected "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE" or "OPTIONS", got "FETCH"',
    ':7:40 checks.ready.maxBodyBytes: expected more than 0, got 0',
    ':8:16 checks.turn.echo: expected true or false, got "yes"',
    ':8:30 checks.turn.every: expected a duration such as "500ms", "5s" or "1m30s", got "-1s"',
    ':11:21 objectives.latency.target.share: expected at most 1, got 95',
    ':11:41 objectives.latency.target.sign: expected < or <= beside `max`, got >',
    ':12:15 objectives.latency.sources[0]: expected "probe", "drill", "prometheus" or "metrics", got "guess"',
    ':13:3 objectives.Latency: expected lower-case letters and digits with single dashes between, got "Latency"',
    ':14:28 sinks.pushgateway.url: expected an http:// or https:// address, got "gateway:9091"',
    ':14:53 sinks.pushgateway.timeout: expected a duration such as "500ms", "5s" or "1m30s", got true',
  ],
}

async function mistakesIn(file: string): Promise<readonly string[]> {
  const error = await loadPlan({flags: {config: `${file}.yaml`}, env: {EMPTY: ''}, cwd: folder}).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  expect(error).toBeInstanceOf(ConfigError)
  return (error as ConfigError).message.split('\n').map((line) => line.replace(`${file}.yaml`, ''))
}

describe('every mistake of a configuration is told at once, with its place', () => {
  test.each(Object.entries(cases))('%s', async (file, messages) => {
    expect(await mistakesIn(file)).toEqual(messages)
  })

  test('no bad file is without its case', () => {
    const files = readdirSync(folder).filter((file) => file.endsWith('.yaml') && !file.endsWith('.profile.yaml'))
    expect(files.map((file) => file.replace('.yaml', '')).toSorted()).toEqual(
      [...Object.keys(cases), 'no-address', 'unknown-profile'].toSorted(),
    )
  })

  test('no message shows a secret, not even one that stands where it must not', async () => {
    for (const file of Object.keys(cases)) expect((await mistakesIn(file)).join('\n')).not.toMatch(/hunter/)
  })
})

test.each([
  ['nested without end', '['.repeat(50_000)],
  ['nested without end in mappings', '{a: '.repeat(50_000)],
  ['larger than any configuration', `a: ${'x'.repeat(1_100_000)}`],
  ['no text at all', '\0\x01\xff'],
])('a file that is %s ends in a mistake, not in a crash', async (_, text) => {
  await expect(loadPlan({env: {}, cwd: configFolder({'probe.yaml': text})})).rejects.toBeInstanceOf(ConfigError)
})

test('an unknown profile is told with the names there are', async () => {
  const names = (await profileNames()).join(', ')
  expect(await mistakesIn('unknown-profile')).toEqual([
    `:1:10 profile: expected the name of a profile (${names}), got "zzz"; a profile of your own is named by its path`,
  ])
})

test('a configuration without a single address says how to give one', async () => {
  await expect(loadPlan({flags: {config: 'no-address.yaml'}, env: {}, cwd: folder})).rejects.toMatchObject({
    name: 'UserError',
    message: 'expected the address of at least one target (backend, turn), got none',
    hint: 'write it to probe.yaml ("targets: {backend: https://chat.example.org}"), or set PROBE_TARGET_BACKEND',
  })
})

test('mistakes of the environment and the command line are told by the names that were typed', async () => {
  const request = {
    flags: {config: 'no-address.yaml', targets: {backend: 'backend:80'}, location: ''},
    env: {PROBE_TARGET_TURN: 'http://127.0.0.1', PROBE_TARGET_TRUN: 'turn:127.0.0.1', PROBE_INSTANCE: 'A B'},
    cwd: folder,
  }
  await expect(loadPlan(request)).rejects.toThrow(
    [
      'environment PROBE_INSTANCE instance: expected lower-case letters and digits with single dashes between, got "A B"',
      'flags --location location: expected some text, got ""',
    ].join('\n'),
  )
  await expect(
    loadPlan({...request, flags: {...request.flags, location: 'x'}, env: {...request.env, PROBE_INSTANCE: ''}}),
  ).rejects.toThrow(
    [
      'environment PROBE_TARGET_TRUN targets.trun: expected the name of a target that some check is on, got "trun" (did you mean "turn"?)',
      'environment PROBE_TARGET_TURN targets.turn: expected turn:HOST[:PORT][?transport=udp|tcp] or turns:HOST[:PORT], got http://127.0.0.1',
      'flags --target targets.backend: expected an http:// or https:// address, got "backend:80"',
    ].join('\n'),
  )
})
