import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import {runCli} from '../fixtures/cli.ts'
import {startContractPrometheus} from '../fixtures/contract-series.ts'
import {query} from '../fixtures/prometheus.ts'
import type {Service} from '../fixtures/service.ts'
import {need} from '../setup/need.ts'

interface Dashboard {
  readonly uid: string
  readonly title: string
  readonly panels: readonly Panel[]
}
interface Panel {
  readonly title: string
  readonly type: string
  readonly datasource: object
  readonly targets: readonly {readonly expr: string; readonly refId: string}[]
  readonly gridPos: Place
}
interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

/** How many dashboards each document describes. */
const documented = {'video-chat': 4, bambisleep: 6, nova: 4, colink: 5, 'chat-backend': 3}

describe.each(Object.entries(documented))('the dashboards of %s', (profile, count) => {
  need('prometheus')
  let prometheus: Service
  let dashboards: Readonly<Record<string, Dashboard>> = {}

  beforeAll(async () => {
    const {config} = await resolveConfig({flags: {profile}, env: {}, cwd: '.'})
    const rules = await runCli(['slo', 'rules', '--profile', profile])
    prometheus = await startContractPrometheus(config, rules.stdout)
    dashboards = await dashboardsOf(profile)
  })
  afterAll(() => prometheus.close())

  it(`are the ${count} of the document, and one of the probe's own metrics`, () => {
    expect(Object.keys(dashboards)).toHaveLength(count + 1)
  })

  it('are whole: every panel has its place, its data source, and a query for each letter', () => {
    for (const {uid, title, panels} of Object.values(dashboards)) {
      expect(uid, title).toMatch(/^[a-z0-9-]{1,40}$/)
      for (const [index, {title: name, type, targets, gridPos, datasource}] of panels.entries()) {
        expect(name, title).toMatch(/\w/)
        expect(type, name).toMatch(/^(timeseries|stat|gauge|heatmap|piechart|bargauge|table)$/)
        expect(datasource, name).toEqual({type: 'prometheus', uid: '${datasource}'})
        expect(targets.map(({refId}) => refId)).toEqual(['A', 'B', 'C', 'D', 'E'].slice(0, targets.length))
        expect(gridPos.x + gridPos.w, name).toBeLessThanOrEqual(24)
        const below = panels.slice(index + 1).filter((other) => overlap(gridPos, other.gridPos))
        expect(
          below.map((other) => other.title),
          name,
        ).toEqual([])
      }
    }
    expect(new Set(Object.values(dashboards).map(({uid}) => uid)).size).toBe(count + 1)
  })

  it('have panels whose every query returns data', async () => {
    const panels = Object.values(dashboards).flatMap((one) => one.panels.map((panel) => ({...panel, of: one.title})))
    for (const {of, title, targets} of panels) {
      for (const {expr} of targets) {
        // a recording rule has a value only after its first evaluation
        await expect
          .poll(() => query(prometheus, expr), {message: `${of} / ${title}: ${expr}`, timeout: 10_000})
          .not.toEqual([])
      }
    }
  })
})

async function dashboardsOf(profile: string): Promise<Readonly<Record<string, Dashboard>>> {
  const {code, stdout} = await runCli(['slo', 'dashboards', '--profile', profile, '--json'])
  expect(code).toBe(0)
  return JSON.parse(stdout) as Readonly<Record<string, Dashboard>>
}

function overlap(a: Place, b: Place): boolean {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h
}
