import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {probes} from '../../src/probes/index.ts'
import {attemptOn} from '../fixtures/attempt-on.ts'
import {closing} from '../fixtures/closing.ts'
import {startAlertmanager, startNodeExporter} from '../fixtures/exporters.ts'
import {servePages} from '../fixtures/serve-pages.ts'
import {startService, type Service} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'
import {writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {setTimeout as delay} from 'node:timers/promises'

describe('a real Prometheus', () => {
  need('prometheus')
  need('prometheus-node-exporter')
  let node: Service
  let server: Service
  beforeAll(async () => {
    node = await startNodeExporter()
    server = await startService({
      program: 'prometheus',
      async args(directory) {
        const file = (name: string) => join(directory, name)
        const rules = {groups: [{name: 'test', rules: [{alert: 'NodeDown', expr: 'up == 0'}]}]}
        const jobs = [
          ['node', new URL(node.url).host],
          ['gone', '127.0.0.1:1'],
        ] as const
        const config = {
          global: {scrape_interval: '100ms', scrape_timeout: '100ms', evaluation_interval: '100ms'},
          rule_files: ['rules.yml'],
          scrape_configs: jobs.map(([job_name, host]) => ({job_name, static_configs: [{targets: [host]}]})),
        }
        await writeFile(file('rules.yml'), JSON.stringify(rules)) // YAML holds JSON
        await writeFile(file('prometheus.yml'), JSON.stringify(config))
        return [
          `--config.file=${file('prometheus.yml')}`,
          `--storage.tsdb.path=${file('data')}`,
          '--web.listen-address=127.0.0.1:0',
        ]
      },
    })
  })
  afterAll(() => Promise.all([node.close(), server.close()]))

  /** Asked until every target was scraped once. */
  async function ask(options: Readonly<Record<string, unknown>>) {
    const late = AbortSignal.timeout(20_000)
    for (;;) {
      const states = await fetch(`${server.url}/api/v1/targets`).then((response) => response.text())
      if (!states.includes('"health":"unknown"') && states.includes('"health":"up"')) break
      await delay(50, undefined, {signal: late})
    }
    return attemptOn(probes.prometheus, {address: server.url, options})
  }

  test('is well when its targets are up and its rules are loaded', async () => {
    const result = await ask({jobs: ['node'], mayBeDown: ['gone'], rules: ['NodeDown']})
    expect(result).toMatchObject({ok: true, facts: {targets: 2, targets_down: 1, rules: 1}})
    expect(result.phases.map(({name, state}) => `${name} ${state}`)).toEqual([
      'healthy done',
      'ready done',
      'targets done',
      'rules done',
      'head done',
    ])
    expect(Number(result.facts.head_series)).toBeGreaterThan(1)
  })

  test.each([
    [
      {},
      {
        code: 'monitoring_target_down',
        phase: 'targets',
        message: 'expected all of 2 targets up, got 1 down, such as gone 127.0.0.1:1',
      },
    ],
    [
      {jobs: ['backend']},
      {
        code: 'monitoring_incomplete',
        phase: 'targets',
        message: 'expected targets of the jobs backend, got none of backend',
      },
    ],
    [
      {mayBeDown: ['gone'], rules: ['Other']},
      {code: 'monitoring_incomplete', phase: 'rules', message: 'expected the rule Other, got 1 others'},
    ],
    [
      {mayBeDown: ['gone'], maxHeadSeries: 1},
      {code: 'monitoring_overloaded', phase: 'head'},
    ],
  ])('is told what it lacks: %j', async (options, failure) => {
    expect(await ask(options)).toMatchObject({ok: false, failure})
  })
})

describe('a real Alertmanager', () => {
  need('prometheus-alertmanager')
  let server: Service
  beforeAll(async () => {
    server = await startAlertmanager(['team', 'oncall'])
  })
  afterAll(() => server.close())

  test('is well when it is ready and knows its receivers', async () => {
    const result = await attemptOn(probes.alertmanager, {address: server.url, options: {receivers: ['oncall']}})
    expect(result).toMatchObject({ok: true, facts: {cluster: 'disabled', receivers: 'team oncall'}})
  })

  test.each([
    [
      {receivers: ['pager']},
      {
        code: 'monitoring_incomplete',
        phase: 'receivers',
        message: 'expected the receivers pager, got none called pager',
      },
    ],
    [{peers: 2}, {code: 'monitoring_incomplete', phase: 'cluster', message: 'expected a cluster of 2 members, got 0'}],
  ])('is told what it lacks: %j', async (options, failure) => {
    expect(await attemptOn(probes.alertmanager, {address: server.url, options})).toMatchObject({ok: false, failure})
  })
})

/** No Grafana is to be had here: what it answers is its published API's, not one of a real server. */
describe('a Grafana by its documented answers', () => {
  const pages = {
    '/api/health': {commit: 'abc', database: 'ok', version: '12.3.0'},
    '/api/search?type=dash-db&limit=5000': [
      {id: 1, title: 'DORA Metrics'},
      {id: 2, title: 'HTTP RED Metrics'},
    ],
  }

  test('is well when its database answers and the dashboards are there', async () => {
    const {address} = closing(await servePages(pages))
    const result = await attemptOn(probes.grafana, {address, options: {dashboards: ['dora', 'HTTP RED']}})
    expect(result).toMatchObject({ok: true, facts: {dashboards: 2, grafana_version: '12.3.0'}})
  })

  test.each([
    [pages, {dashboards: ['Stripe', 'DORA']}, 'expected the dashboards Stripe, DORA, got none called Stripe'],
    [{'/api/health': {database: 'failing'}}, {}, 'expected a database that is ok, got "failing"'],
    [{'/api/health': 'fine'}, {}, 'expected the answer of /api/health in its documented shape, got "fine"'],
    [{'/api/health': 503}, {}, 'expected status 200, got 503 Service Unavailable'],
  ])('is told what it lacks', async (served, options, message) => {
    const {address} = closing(await servePages(served))
    expect(await attemptOn(probes.grafana, {address, options})).toMatchObject({ok: false, failure: {message}})
  })
})
