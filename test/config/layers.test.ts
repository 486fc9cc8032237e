import {describe, expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {smallProfile} from '../fixtures/small-profile.ts'

const backend = 'http://127.0.0.1:1'

function folderWith(config: string, more: Readonly<Record<string, string>> = {}): string {
  return configFolder({'small.yaml': smallProfile, 'probe.yaml': `profile: ./small.yaml\n${config}`, ...more})
}

describe('flags win over the environment, the environment over the file, the file over the profile', () => {
  const cwd = () => folderWith(`location: file\ninstance: file\ntargets: {backend: 'http://127.0.0.1:2'}\n`)

  test('the file over the defaults', async () => {
    const plan = await loadPlan({env: {}, cwd: cwd()})
    expect(plan).toMatchObject({profile: 'small', instance: 'file', location: 'file'})
    expect(plan.checks[0]?.target.address).toBe('http://127.0.0.1:2')
  })

  test('the environment over the file', async () => {
    const env = {PROBE_LOCATION: 'env', PROBE_INSTANCE: 'env', PROBE_TARGET_BACKEND: 'http://127.0.0.1:3'}
    const plan = await loadPlan({env, cwd: cwd()})
    expect(plan).toMatchObject({instance: 'env', location: 'env'})
    expect(plan.checks[0]?.target.address).toBe('http://127.0.0.1:3')
  })

  test('flags over the environment', async () => {
    const env = {PROBE_LOCATION: 'env', PROBE_TARGET_BACKEND: 'http://127.0.0.1:3'}
    const flags = {location: 'flag', targets: {backend: 'http://127.0.0.1:4'}}
    const plan = await loadPlan({flags, env, cwd: cwd()})
    expect(plan).toMatchObject({instance: 'file', location: 'flag'})
    expect(plan.checks[0]?.target.address).toBe('http://127.0.0.1:4')
  })

  test('without a file the defaults: the profile gives its name, the location is "default"', async () => {
    const plan = await loadPlan({flags: {profile: './small.yaml', targets: {backend}}, env: {}, cwd: folderWith('')})
    expect(plan).toMatchObject({profile: 'small', instance: 'small', location: 'default', selection: 'all'})
  })

  test('PROBE_CONFIG and PROBE_PROFILE name the files, relative to the working directory', async () => {
    const cwd = configFolder({
      'etc/other.yaml': `profile: nowhere.yaml\nlocation: other\ntargets: {backend: '${backend}'}`,
      'small.yaml': smallProfile,
    })
    const env = {PROBE_CONFIG: 'etc/other.yaml', PROBE_PROFILE: './small.yaml'}
    expect(await loadPlan({env, cwd})).toMatchObject({location: 'other', profile: 'small'})
  })

  test('several addresses in a variable are a fleet', async () => {
    const env = {PROBE_TARGET_TURN: 'turn:127.0.0.1:1 turn:127.0.0.1:2'}
    const {checks} = await loadPlan({env, cwd: folderWith('')})
    expect(checks.map(({target}) => target.address)).toEqual(['turn:127.0.0.1:1', 'turn:127.0.0.1:2'])
  })
})

describe('a layer says only what differs', () => {
  const settings = async (config: string) => (await resolveConfig({env: {}, cwd: folderWith(config)})).settings

  test('mappings merge and lists replace', async () => {
    const {checks, objectives} = await settings(`checks: {health: {timeout: 1s, tags: [web]}}
objectives: {latency: {target: {max: 150}}}`)
    expect(checks).toHaveProperty('health', {
      probe: 'http',
      target: 'backend',
      path: '/health',
      tags: ['web'],
      timeout: '1s',
    })
    expect(objectives).toHaveProperty('latency.target', {share: 0.95, max: 150, sign: '<'})
  })

  test('null takes away what the profile says, and false switches a check off with what needs it for', async () => {
    const cwd = folderWith(`targets: {backend: '${backend}'}
checks: {health: false, turn: null}
objectives: {latency: {alert: null}}`)
    const plan = await loadPlan({env: {}, cwd})
    expect(plan.checks.map(({name, needs}) => ({name, needs}))).toEqual([{name: 'ready', needs: []}])
    expect(plan.missing).toEqual([])
    expect(plan.objectives.find(({id}) => id === 'latency')?.bounds).toHaveLength(1)
  })

  test('a null that an option takes is a value', async () => {
    const {checks} = await settings(`checks: {health: {expect: {json: {$.error: null}}}}`)
    expect(checks).toHaveProperty(['health', 'expect', 'json'], {'$.error': null})
  })

  test('a check of another probe replaces the one of the profile', async () => {
    const {checks} = await settings(`checks: {turn: {probe: http, target: backend}}`)
    expect(checks).toHaveProperty('turn', {probe: 'http', target: 'backend'})
  })

  test('an empty section says nothing', async () => {
    const all = await settings('checks:\ntargets:\nsinks:\n')
    expect(Object.keys(all.checks ?? {})).toEqual(['health', 'ready', 'turn'])
  })

  test('anchors spare repetitions', async () => {
    const {checks} = await settings(`checks:
  health: {headers: &headers {x-probe: 'yes'}}
  ready: {headers: *headers}`)
    expect(checks).toHaveProperty('ready.headers', {'x-probe': 'yes'})
  })

  test('names of JavaScript itself are names like others', async () => {
    const {checks} = await settings(`checks: {health: {headers: {constructor: a, __proto__: b}}}`)
    expect(Object.entries((checks as {health: {headers: object}}).health.headers)).toEqual([
      ['constructor', 'a'],
      ['__proto__', 'b'],
    ])
  })
})

describe("a profile of one's own", () => {
  test('extends another one', async () => {
    const cwd = configFolder({
      'profiles/small.yaml': smallProfile,
      'profiles/mine.yaml': `extends: ./small.yaml\nname: mine\nobjectives: {latency: {target: {max: 100}}}`,
      'probe.yaml': `profile: profiles/mine.yaml\ntargets: {backend: '${backend}'}`,
    })
    const plan = await loadPlan({env: {}, cwd})
    expect(plan).toMatchObject({profile: 'mine', instance: 'mine'})
    expect(plan.objectives.find(({id}) => id === 'latency')?.bounds[0]?.max).toBe(100)
  })

  test('may be named by the environment', async () => {
    const cwd = configFolder({'small.yaml': smallProfile, 'probe.yaml': `profile: \${WHICH:-./small.yaml}`})
    expect(await loadPlan({env: {PROBE_TARGET_BACKEND: backend}, cwd})).toMatchObject({profile: 'small'})
    await expect(loadPlan({env: {WHICH: 'zzz'}, cwd})).rejects.toThrow(/^probe\.yaml:1:10 profile: .* got "zzz"/)
  })

  test('a mistake in it is told in its file', async () => {
    const cwd = folderWith(`targets: {backend: '${backend}'}`, {'small.yaml': `${smallProfile}\npeak: {sesions: 5}\n`})
    await expect(loadPlan({env: {}, cwd})).rejects.toThrow(
      /^small\.yaml:\d+:8 peak\.sesions: expected a known name, got "sesions" \(did you mean "sessions"\?\)$/,
    )
  })
})
