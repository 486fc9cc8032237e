import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import type {Report} from '../../src/core/report.ts'
import {runCli} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {freePort} from '../fixtures/coturn.ts'
import {alertmanagerWith} from '../fixtures/exporters.ts'
import {serveHttp} from '../fixtures/serve-http.ts'
import {query} from '../fixtures/prometheus.ts'
import {startService, type Service} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'

describe('the way of an alert through a real Alertmanager', () => {
  need('prometheus-alertmanager')
  let alertmanager: Service
  let port = 0

  beforeAll(async () => {
    port = await freePort('127.0.0.1')
    const routes = ['slo', 'routes', '--json', '--test-receiver', `http://127.0.0.1:${port}/`]
    const {stdout} = await runCli(routes)
    alertmanager = await alertmanagerWith(JSON.parse(stdout) as object)
  })
  afterAll(() => alertmanager.close())

  it('is followed from its sending to the notification that it is resolved', async () => {
    const {code, report} = await alertPath(
      alertmanager,
      '--receiver-port',
      String(port),
      '--label',
      'severity=critical',
    )
    expect(code).toBe(0)
    const [attempt] = report.checks[0]?.attempts ?? []
    expect(attempt?.phases.filter(({state}) => state === 'done').map(({name}) => name)).toEqual([
      'listen',
      'send',
      'active',
      'arrive',
      'resolve',
      'arrive_resolved',
    ])
    expect(attempt?.facts).toMatchObject({receivers: 'probe-alert-path', notified_by: 'probe-alert-path'})
    expect(await activeAlerts(alertmanager)).toEqual([])
  })

  it('is followed as far as Alertmanager where nobody waits for a notification', async () => {
    const {code, report} = await alertPath(alertmanager)
    expect(code).toBe(0)
    expect(report.checks[0]?.attempts[0]?.phases).toContainEqual(
      expect.objectContaining({
        name: 'arrive',
        state: 'skipped',
        why: 'nobody waits for a notification (--receiver-port)',
      }),
    )
  })

  it('that ends elsewhere is lost, with what to look at', async () => {
    const elsewhere = await freePort('127.0.0.1')
    const {code, report} = await alertPath(alertmanager, '--receiver-port', String(elsewhere), '--arrive', '500ms')
    expect(code).toBe(1)
    expect(report.checks[0]?.attempts[0]).toMatchObject({
      ok: false,
      failure: {code: 'alert_lost', phase: 'arrive', hint: expect.stringContaining(`port ${elsewhere}`) as string},
    })
    expect(await activeAlerts(alertmanager)).toEqual([])
  })

  it('that is silenced is told by its silence', async () => {
    const id = await silence(alertmanager, 'team', 'asleep')
    const {code, report} = await alertPath(alertmanager, '--label', 'team=asleep')
    expect(code).toBe(1)
    expect(report.checks[0]?.attempts[0]).toMatchObject({
      failure: {code: 'alert_suppressed', phase: 'active', message: expect.stringContaining(id) as string},
    })
  })

  it('begins with a port that is free, a label with a value, and an address', async () => {
    const taken = closing(await serveHttp((_, response) => response.end()))
    const busy = await alertPath(alertmanager, '--receiver-port', String(taken.port))
    expect(busy.code).toBe(2)
    expect(busy.report.checks[0]?.attempts[0]).toMatchObject({failure: {code: 'unsupported', phase: 'listen'}})
    for (const [args, message] of [
      [['alert-path', 'nowhere'], 'expected an http:// or https:// address, got "nowhere"'],
      [
        ['alert-path', alertmanager.url, '--label', 'severity'],
        '--label: expected NAME=VALUE, such as severity=critical',
      ],
      [['alert-path', alertmanager.url, '--cause'], 'expected `alert_path` in the profile video-chat, got none'],
    ] as const) {
      const {code, stderr} = await runCli(args)
      expect({code, stderr: stderr.split('\n')[0]}).toEqual({code: 2, stderr: message})
    }
  })
})

describe('a documented condition that is brought about', () => {
  need('prometheus-alertmanager')
  need('prometheus')

  it('makes its rule fire, in a real Prometheus that tells a real Alertmanager', async () => {
    const app = closing(await loginThatFails())
    const alertmanager = closing(await alertmanagerWith({route: {receiver: 'none'}, receivers: [{name: 'none'}]}))
    const rules = await runCli(['slo', 'rules', '--profile', 'bambisleep'])
    const prometheus = closing(await prometheusOn(app.address, {alertmanager, rules: rules.stdout}))
    await expect.poll(() => query(prometheus, 'http_requests_total'), {timeout: 20_000}).not.toEqual([])
    const cause = ['--cause', '--profile', 'bambisleep', '--target', `app=${app.address}`, '--rate', '100']
    const {code, report} = await alertPath(alertmanager, ...cause)
    expect(code, JSON.stringify(report.checks[0]?.attempts)).toBe(0)
    expect(report.checks[0]?.attempts[0]).toMatchObject({ok: true, facts: {caused: '100 × 401'}})

    const again = await alertPath(alertmanager, ...cause)
    expect(again.code).toBe(2)
    expect(again.report.checks[0]?.attempts[0]).toMatchObject({
      failure: {code: 'unsupported', message: 'HttpErrorRate is there already: nothing can be seen to fire'},
    })
  }, 60_000)

  it('is none of anybody else’s business: a host beyond this machine has to be listed', async () => {
    const cause = ['--cause', '--profile', 'bambisleep', '--target', 'app=http://app.example.org']
    const {code, stderr} = await runCli(['alert-path', 'http://127.0.0.1:9', ...cause])
    expect(code).toBe(2)
    expect(stderr).toContain('app.example.org may not be loaded')
  })
})

async function alertPath({url}: Service, ...flags: string[]): Promise<{code: number | null; report: Report}> {
  const {code, stdout} = await runCli(['alert-path', url, '--json', ...flags])
  return {code, report: JSON.parse(stdout) as Report}
}

async function activeAlerts({url}: Service): Promise<unknown> {
  return (await fetch(`${url}/api/v2/alerts?active=true`)).json()
}

async function silence({url}: Service, name: string, value: string): Promise<string> {
  const response = await fetch(`${url}/api/v2/silences`, {
    method: 'POST',
    headers: {'content-type': 'application/json'},
    body: JSON.stringify({
      matchers: [{name, value, isRegex: false, isEqual: true}],
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 60_000).toISOString(),
      createdBy: 'test',
      comment: 'test',
    }),
  })
  const {silenceID} = (await response.json()) as {silenceID: string}
  return silenceID
}

/** The profile's app, as far as this goes: nobody can log in, and it counts what it answers. */
function loginThatFails() {
  let failed = 0
  return serveHttp((request, response) => {
    if (request.url === '/metrics') {
      response.end(`http_requests_total{route="/auth/login"} ${failed}
http_requests_errors_total{route="/auth/login"} ${failed}\n`)
      return
    }
    failed++
    response.writeHead(401).end()
  })
}

function prometheusOn(app: string, {alertmanager, rules}: {alertmanager: Service; rules: string}): Promise<Service> {
  return startService({
    program: 'prometheus',
    async args(directory) {
      const config = {
        global: {scrape_interval: '200ms', scrape_timeout: '200ms', evaluation_interval: '200ms'},
        rule_files: ['rules.yml'],
        scrape_configs: [{job_name: 'app', static_configs: [{targets: [new URL(app).host]}]}],
        alerting: {alertmanagers: [{static_configs: [{targets: [new URL(alertmanager.url).host]}]}]},
      }
      await writeFile(join(directory, 'rules.yml'), rules)
      await writeFile(join(directory, 'prometheus.yml'), JSON.stringify(config)) // YAML holds JSON
      return [
        `--config.file=${join(directory, 'prometheus.yml')}`,
        `--storage.tsdb.path=${join(directory, 'data')}`,
        '--web.listen-address=127.0.0.1:0',
      ]
    },
  })
}
