import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {parse, parseAllDocuments} from 'yaml'
import {runCli} from '../fixtures/cli.ts'
import {need} from '../setup/need.ts'

const folder = mkdtempSync(join(tmpdir(), 'formats-'))
afterAll(() => rmSync(folder, {recursive: true}))

async function rules(...args: string[]): Promise<string> {
  const {code, stdout, stderr} = await runCli(['slo', 'rules', '--profile', 'video-chat', ...args])
  expect({code, stderr: stderr.replace(/^left out: .*\n/gm, '')}).toEqual({code: 0, stderr: ''})
  return stdout
}

describe('the formats of rules', () => {
  it('prometheus is a rule file', async () => {
    expect(check(await rules())).toContain('SUCCESS')
  })

  it('operator is a PrometheusRule around the same groups', async () => {
    const document = parse(await rules('--format', 'operator')) as {kind: string; apiVersion: string; spec: object}
    expect(document).toMatchObject({kind: 'PrometheusRule', apiVersion: 'monitoring.coreos.com/v1'})
    expect(document.spec).toEqual(parse(await rules()))
    expect(check(JSON.stringify(document.spec))).toContain('SUCCESS')
  })

  it('sloth fills in the windows, and then every query parses', async () => {
    const {version, slos} = parse(await rules('--format', 'sloth')) as {
      version: string
      slos: {name: string; objective: number; sli: {events: {error_query: string; total_query: string}}}[]
    }
    expect(version).toBe('prometheus/v1')
    expect(slos.find(({name}) => name === 'availability')?.objective).toBe(99.9)
    const queries = slos.flatMap(({sli}) => Object.values(sli.events))
    expect(queries.filter((query) => !query.includes('[{{.window}}'))).toEqual([])
    expect(parses(queries.map((query) => query.replaceAll('{{.window}}', '5m')))).toContain('SUCCESS')
  })

  it('a profile that promises nothing with a budget has no rules for them, and that is said', async () => {
    for (const format of ['sloth', 'pyrra', 'openslo']) {
      const {code, stdout, stderr} = await runCli(['slo', 'rules', '--profile', 'bambisleep', '--format', format])
      expect([code, stdout]).toEqual([2, ''])
      expect(stderr).toContain(
        'expected a promise with an error budget that Prometheus can follow, got none in bambisleep',
      )
    }
  })

  it('pyrra has errors, latencies and gauges, and what it cannot say is named', async () => {
    const {stdout, stderr} = await runCli(['slo', 'rules', '--profile', 'video-chat', '--format', 'pyrra'])
    const documents = parseAllDocuments(stdout).map((one) => one.toJS() as {metadata: {name: string}; spec: object})
    expect(documents.find(({metadata}) => metadata.name === 'video-chat-signaling-latency')?.spec).toMatchObject({
      target: '95',
      window: '30d',
      indicator: {
        latency: {
          success: {metric: 'signaling_latency_ms_bucket{le=~"200([.]0)?"}'},
          total: {metric: 'signaling_latency_ms_count'},
        },
      },
    })
    expect(stderr).toBe(
      'left out: ice-success, for which pyrra has no indicator\nleft out: error-rate, for which pyrra has no indicator\n',
    )
  })

  it('openslo budgets what is sampled by time slices, and every query parses', async () => {
    const documents = parseAllDocuments(await rules('--format', 'openslo')).map(
      (one) => one.toJS() as {metadata: {name: string}; spec: Spec},
    )
    const methods = documents.map(({metadata, spec}) => [metadata.name, spec.budgetingMethod])
    expect(Object.fromEntries(methods)).toMatchObject({
      'video-chat-availability': 'Timeslices',
      'video-chat-signaling-latency': 'Occurrences',
    })
    const queries = documents.flatMap(({spec}) => {
      const {good, total} = spec.indicator.spec.ratioMetric
      return [good.metricSource.spec.query, total.metricSource.spec.query]
    })
    expect(parses(queries)).toContain('SUCCESS')
  })

  it('an interval that is none is refused', async () => {
    const {code, stderr} = await runCli(['slo', 'rules', '--every', '0s'])
    expect(code).toBe(2)
    expect(stderr).toMatch(/^--every: expected a duration from 1s to/)
  })
})

interface Spec {
  readonly budgetingMethod: string
  readonly indicator: {readonly spec: {readonly ratioMetric: {readonly good: Metric; readonly total: Metric}}}
}
interface Metric {
  readonly metricSource: {readonly spec: {readonly query: string}}
}

function parses(queries: readonly string[]): string {
  return check(
    JSON.stringify({groups: [{name: 'g', rules: queries.map((expr, index) => ({record: `r${index}`, expr}))}]}),
  )
}

function check(text: string): string {
  const file = join(folder, 'rules.yml')
  writeFileSync(file, text)
  const {stdout, stderr} = spawnSync(need('promtool'), ['check', 'rules', file], {encoding: 'utf8'})
  return stdout + stderr
}
