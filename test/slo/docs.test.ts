import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {runCli} from '../fixtures/cli.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {startPrometheusWith} from '../fixtures/prometheus-past.ts'
import type {HttpServer} from '../fixtures/serve-http.ts'
import {servePages} from '../fixtures/serve-pages.ts'
import type {Service} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'slo.md'), 'utf8')
const examples = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text)
const lines = examples('sh').flatMap((block) => block.trim().split('\n'))

describe('every command of the page on objectives works', () => {
  need('prometheus')
  let prometheus: Service
  let backend: HttpServer
  beforeAll(async () => {
    prometheus = await startPrometheusWith({lengthMs: 60_000, stepMs: 30_000, series: [{name: 'a', at: () => 1}]})
    const counts = {total: 1, byEndpoint: {'GET /': 1}}
    const metrics = {
      requests: counts,
      errors: {...counts, rate: '0%'},
      latency: {average: 1, p95: 2},
      connections: {active: 1},
    }
    backend = await servePages({'/health': {status: 'ok'}, '/metrics': metrics})
  })
  afterAll(() => Promise.all([prometheus.close(), backend.close()]))

  test('one after the other, as they build on each other', async () => {
    const checks = 'checks: {handshake: false, signaling: false, call: false}'
    const cwd = configFolder({'probe.yaml': `targets: {backend: '${backend.address}'}\n${checks}\n`})
    for (const line of lines) {
      const [, ...given] = line
        .replace('http://localhost:9090', prometheus.url)
        .replace('http://localhost:3001', backend.address)
        .replace('--interval 10s', '--interval 10ms')
        .split(' ')
      const args = line.startsWith('probe slo check --window') ? [...given, '--prometheus', prometheus.url] : given
      const {stdout, stderr, code} = await runCli(args, {cwd})
      expect({line, stderr}).toEqual({line, stderr: ''})
      expect(stdout, line).not.toBe('')
      expect([0, 3], line).toContain(code) // nothing is known of this system, and that is no mistake
    }
  }, 240_000)

  test('and the configuration, too', async () => {
    const [config = ''] = examples('yaml')
    const {checks} = await loadPlan({env: {PROMETHEUS_TOKEN: 'north-star'}, cwd: configFolder({'probe.yaml': config})})
    expect(checks.map(({name}) => name)).toEqual(expect.arrayContaining(['prometheus', 'redis', 'loki']))
  })
})
