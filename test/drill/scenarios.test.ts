import {mkdir, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {DrillPhase} from '../../src/core/drill-result.ts'
import {drill, goodShare, verdictOn} from '../fixtures/drill.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')

const phase = (phases: readonly DrillPhase[] | undefined, name: string): DrillPhase => {
  const found = phases?.find((one) => one.name === name)
  if (!found) throw new Error(`no phase ${name}`)
  return found
}

describe.concurrent('every scenario puts its own load on the target', {timeout: 150_000}, () => {
  test('http: requests at a rate that waits for no answer, whatever the user has set for k6 elsewhere', async () => {
    const {report} = await drill(k6, {
      wishes: {scenario: 'http'},
      async prepare(home) {
        const folder = join(home, '.config', 'k6')
        await mkdir(folder, {recursive: true})
        await writeFile(join(folder, 'config.json'), '{"rps": 1}')
        return {env: {...process.env, HOME: home, K6_RPS: '1', HTTP_PROXY: 'http://127.0.0.1:1'}}
      },
    })
    expect(report.status).toBe('pass')
    const [load] = report.drill?.loads ?? []
    expect(load).toMatchObject({kind: 'requests', planned: 320})
    expect(verdictOn(report, 'response-time').bounds[0]?.tally.total).toBeGreaterThan(300)
    expect(goodShare(verdictOn(report, 'requests-carried'))).toBeGreaterThan(0.95)
  })

  test('http with users who wait: a closed model has no rate to keep', async () => {
    const {report} = await drill(k6, {wishes: {scenario: 'http'}, yaml: 'peak: {requests_per_second: null, vus: 3}\n'})
    expect(report.drill?.loads).toEqual([])
    expect(report.drill?.gates.find(({name}) => name === 'vus')).toMatchObject({ok: true, limit: 0})
    expect(verdictOn(report, 'response-time').status).toBe('pass')
  })

  test.for([
    {rhythm: 'each at its own moment', intervalMs: 500},
    {rhythm: 'several at one beat', intervalMs: 50},
  ])('signaling, $rhythm: what is due is sent, and nothing twice', async ({intervalMs}) => {
    const {report} = await drill(k6, {wishes: {scenario: 'signaling', socketsPerVu: 20, intervalMs, lifeMs: 600_000}})
    const [load] = report.drill?.loads ?? []
    expect(load?.planned).toBeGreaterThan((17 * 8000) / intervalMs)
    expect(load?.achieved).toBe(load?.planned)
    expect(verdictOn(report, 'latency').bounds[0]?.tally.total).toBe(load?.planned)
  })

  test('mixed: both, and each has its verdict', async () => {
    const {report} = await drill(k6, {wishes: {scenario: 'mixed'}, faults: {failRequestsFrom: 100}})
    expect(verdictOn(report, 'latency').status).toBe('pass')
    expect(verdictOn(report, 'sessions-carried').status).toBe('pass')
    expect(verdictOn(report, 'response-time').status).toBe('fail')
    expect(report.drill?.failures).toContainEqual(expect.objectContaining({code: 'http_status'}))
  })

  test('connect-storm: all are cut off, and all come back within seconds', async () => {
    const {report} = await drill(k6, {wishes: {scenario: 'connect-storm'}})
    const series = report.drill?.series ?? []
    const cut = series.filter(({phase: name}) => name === 'outage' || name === 'storm')
    expect(cut.some(({openSockets}) => openSockets === 0)).toBe(true)
    expect(phase(report.drill?.phases, 'storm')).toMatchObject({judged: true, tag: 'steady'})
    expect(report.drill?.funnel.find(({stage}) => stage === 'ready')?.clients).toBeGreaterThanOrEqual(40)
    expect(goodShare(verdictOn(report, 'sessions-carried'))).toBeGreaterThan(0.7)
  })

  test('spike: from the ordinary peak to all of it', async () => {
    const {report} = await drill(k6, {wishes: {scenario: 'spike'}})
    const opened = (name: string) =>
      Math.max(
        ...(report.drill?.series ?? []).filter((point) => point.phase === name).map((point) => point.openSockets),
      )
    expect(opened('hold')).toBeLessThanOrEqual(10)
    expect(opened('steady')).toBe(20)
    expect(verdictOn(report, 'sessions-carried').status).toBe('pass')
  })

  test('stepped: every step has its own numbers, and the last one is judged', async () => {
    const {report} = await drill(k6, {wishes: {scenario: 'stepped'}})
    const steps = ['step-1', 'step-2', 'step-3'].map((name) => phase(report.drill?.phases, name))
    expect(steps.map(({tag}) => tag)).toEqual(['step_1', 'step_2', 'steady'])
    expect(steps.map(({to}) => Math.round(to * 3))).toEqual([1, 2, 3])
    for (const {trends} of steps) expect(trends.rtt_ms?.count).toBeGreaterThan(5)
  })

  test('soak: as signaling, for longer', async () => {
    const {report} = await drill(k6, {wishes: {scenario: 'soak', lifeMs: 3000}})
    expect(report.drill?.scenario).toBe('soak')
    expect(report.drill?.funnel.find(({stage}) => stage === 'ready')?.clients).toBeGreaterThan(40)
    expect(verdictOn(report, 'latency').status).toBe('pass')
  })
})
