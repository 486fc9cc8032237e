import {describe, expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import {formatYaml, showConfig} from '../../src/config/show.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {smallProfile} from '../fixtures/small-profile.ts'

function request(
  config: string,
  env: Readonly<Record<string, string>> = {},
  more: Readonly<Record<string, string>> = {},
) {
  const cwd = configFolder({'small.yaml': smallProfile, 'probe.yaml': `profile: ./small.yaml\n${config}`, ...more})
  return {cwd, env}
}

describe('a value may come from the environment or a file', () => {
  test('${ENV} is filled in wherever a text stands, and is a secret', async () => {
    const plan = await loadPlan(
      request(`targets: {backend: {address: 'http://127.0.0.1:1', headers: {x-tenant: 'is-\${TENANT}'}}}`, {
        TENANT: 'acme-corp',
      }),
    )
    expect(plan.checks[0]?.options).toMatchObject({headers: {'x-tenant': 'is-acme-corp'}})
    expect(plan.secrets).toEqual(['acme-corp'])
  })

  test('a default stands in for a variable that is not set or empty', async () => {
    const {location} = await loadPlan(
      request(`location: '\${A:-here}-\${B:-there}'\ntargets: {backend: 'http://127.0.0.1:1'}`, {B: ''}),
    )
    expect(location).toBe('here-there')
  })

  test('$${ is a plain ${', async () => {
    const plan = await loadPlan(
      request(`checks: {health: {headers: {x-raw: '$\${PLAIN}'}}}\ntargets: {backend: 'http://127.0.0.1:1'}`),
    )
    expect(plan.checks[0]?.options).toMatchObject({headers: {'x-raw': '${PLAIN}'}})
    expect(plan.secrets).toEqual([])
  })

  test('file:PATH is the content of a file beside the config, without its last line end', async () => {
    const plan = await loadPlan(
      request(
        `targets: {turn: {address: 'turn:127.0.0.1', ca: 'file:etc/ca.pem', credentials: {secret: 'file:etc/secret'}}}`,
        {},
        {'etc/secret': 'north-star\n', 'etc/ca.pem': 'a certificate\n'},
      ),
    )
    expect(plan.checks[0]?.options).toMatchObject({ca: 'a certificate', credentials: {secret: 'north-star'}})
    expect(plan.secrets).toEqual(['north-star'])
  })

  test('what a higher layer replaces is not asked for', async () => {
    const plan = await loadPlan({
      ...request(`targets: {backend: 'http://\${BACKEND}'}`),
      flags: {targets: {backend: 'http://127.0.0.1:1'}},
    })
    expect(plan.checks).toHaveLength(2)
  })

  test('the environment and the command line mean what they say', async () => {
    const plan = await loadPlan(request('', {PROBE_TARGET_BACKEND: 'http://127.0.0.1:1/${X}'}))
    expect(plan.checks[0]?.target.address).toBe('http://127.0.0.1:1/${X}')
  })
})

describe('what must not show', () => {
  test('where the prober stands and where the targets are is no secret', async () => {
    const {secrets} = await loadPlan(
      request(`location: \${WHERE}\ninstance: \${WHERE}\ntargets: {backend: 'http://\${HOST}:80'}`, {
        WHERE: 'frankfurt',
        HOST: 'chat.example.org',
      }),
    )
    expect(secrets).toEqual([])
  })

  test('user information and query values of addresses are', async () => {
    const {secrets, checks} = await loadPlan(
      request(
        `targets: {backend: 'http://127.0.0.1:1/?key=k%2F1&transport=tcp'}\nsinks: {pushgateway: {url: '\${GATEWAY}'}}`,
        {
          GATEWAY: 'http://prober:p%40ss@127.0.0.1:9091/base',
        },
      ),
    )
    expect(secrets).toEqual(['k%2F1', 'k/1', 'prober:p%40ss', 'prober:p@ss', 'p%40ss', 'p@ss'])
    expect(checks[0]?.target.display).toBe('http://127.0.0.1:1/?key=…&transport=tcp')
  })

  test('a configuration is shown without them', async () => {
    const resolved = await resolveConfig(
      request(
        `targets:
  backend: {address: 'http://127.0.0.1:1?key=k1', headers: {Authorization: 'Bearer \${TOKEN}'}}
  turn: {address: 'turn:127.0.0.1', credentials: {username: prober, password: "\${SHORT}"}}
sinks: {pushgateway: {url: 'http://127.0.0.1:9091', auth: {bearer: "\${TOKEN}"}}}
checks: {health: {headers: {x-echo: 'is \${TOKEN}'}}}`,
        {TOKEN: 'open-sesame', SHORT: 'abc'},
      ),
    )
    const shown = formatYaml(showConfig(resolved))
    expect(shown).not.toMatch(/sesame|abc|k1/)
    expect(shown).toContain('password: "[redacted]"')
    expect(shown).toContain('x-echo: is [redacted]')
    expect(shown).toContain('username: prober')
  })
})
