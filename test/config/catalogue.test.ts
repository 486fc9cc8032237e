import {describe, expect, test} from 'vitest'
import {objectivesOf} from '../../src/config/objectives.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import type {Config} from '../../src/config/config-schema.ts'
import {parseDuration} from '../../src/core/duration.ts'
import {factorOf, type Unit} from '../../src/core/prometheus-source.ts'
import type {Bound, Objective} from '../../src/core/objective.ts'
import {
  catalogue,
  catalogueAlerts,
  catalogueCounts,
  catalogueMetrics,
  cataloguePeaks,
  catalogueRouting,
  type CatalogueRow,
} from '../fixtures/catalogue.ts'

const names = [...new Set(catalogue.map(({profile}) => profile))]
const profiles = new Map<string, Config>()
for (const profile of names) {
  profiles.set(profile, (await resolveConfig({flags: {profile}, env: {}, cwd: '/'})).config)
}

function configOf(profile: string): Config {
  const config = profiles.get(profile)
  if (!config) throw new Error(`no profile ${profile}`)
  return config
}

/** What is good by a cell: "< 200 ms" as a promise is kept below, "> 500 ms" as an alert is kept up to. */
function goodBy(
  cell: string,
  {percentile, ofBad}: CatalogueRow,
  {level, unit}: {level: Bound['level']; unit: Unit | undefined},
): Partial<Bound> {
  const [, low, high] = /^([\d.]+) - ([\d.]+) /.exec(cell) ?? []
  if (low !== undefined && high !== undefined) return {share: 1, min: Number(low), max: Number(high)}
  const [, sign = '', number = '', of = ''] = /^([<>]=?) ([\d.]+) (\S+)$/.exec(cell) ?? []
  const value = Number(number)
  const crossed = level !== 'target'
  const strict = !crossed && !sign.endsWith('=')
  const flag = strict ? {strict} : {}
  if (of === '%') return {share: Number((ofBad ? 1 - value / 100 : value / 100).toPrecision(12)), ...flag}
  const max = value * (factorOf(of as Unit, unit ?? (of as Unit)) ?? NaN)
  return {share: percentile ?? 1, max, ...flag}
}

function objectiveOf({profile, id}: CatalogueRow): Objective {
  const found = objectivesOf(configOf(profile)).find((objective) => objective.id === id)
  if (!found) throw new Error(`no objective ${id} in ${profile}`)
  return found
}

describe('every number of the tables is in its profile', () => {
  test.each(catalogue.map((row) => [`${row.profile} ${row.id}`, row] as const))('%s', (_name, row) => {
    const {bounds, unit} = objectiveOf(row)
    for (const level of ['target', 'alert', 'page'] as const) {
      const cell = row[level]
      if (cell === undefined) continue
      const bound = bounds.find((one) => one.level === level)
      const {share, min, max, strict} = bound ?? {}
      expect({share, min, max, strict}).toEqual({
        share: undefined,
        min: undefined,
        max: undefined,
        strict: undefined,
        ...goodBy(cell, row, {level, unit}),
      })
    }
    if (row.for !== undefined) expect(bounds.find(({level}) => level === 'alert')?.forMs).toBe(parseDuration(row.for))
  })

  test('and a profile has no objective that no table has', () => {
    const promised = names.flatMap((profile) =>
      Object.keys(configOf(profile).objectives).map((id) => `${profile} ${id}`),
    )
    expect(promised.toSorted()).toEqual(catalogue.map(({profile, id}) => `${profile} ${id}`).toSorted())
  })

  test.each(catalogueAlerts)('$profile: $expr at $number', ({profile, number, expr, ...row}) => {
    const found = Object.values(configOf(profile).alerts).filter(
      (alert) => expr.test(alert.expr) && new RegExp(`[<>] ${number}(\\D|$)`).test(alert.expr),
    )
    expect(found.map((alert) => alert.for)).toContain(row.for === undefined ? undefined : parseDuration(row.for))
  })

  test.each(Object.entries(catalogueMetrics))('the metrics of %s, with their labels', (profile, families) => {
    const {metrics} = configOf(profile)
    for (const family of families.split(' ')) {
      const [, name = '', labels = ''] = /^(\w+)(?:\{(.*)\})?$/.exec(family) ?? []
      expect(metrics, name).toHaveProperty(name)
      const wanted = labels === '' ? [] : labels.split(',')
      expect(Object.keys(metrics[name]?.labels ?? {}), name).toEqual(expect.arrayContaining(wanted))
    }
    expect(Object.keys(metrics)).toHaveLength(families.split(' ').length)
  })

  test('the buckets that documents name', () => {
    expect(configOf('video-chat').metrics.signaling_latency_ms?.buckets).toEqual([50, 100, 200])
    expect(configOf('nova').metrics.ws_message_latency_seconds?.buckets).toEqual([
      0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5,
    ])
  })

  test.each(names)('the peak of %s, its routing, and how much there is to look at and to follow', (profile) => {
    const {peak, routing, dashboards, runbooks} = configOf(profile)
    const documented = Object.entries(peak ?? {}).filter(
      ([name, value]) => typeof value === 'number' && name !== 'factor',
    )
    expect(Object.fromEntries(documented)).toEqual(cataloguePeaks[profile] ?? {})
    const times = catalogueRouting[profile]?.split(' ').map(parseDuration)
    if (times) expect([routing?.group_wait, routing?.group_interval, routing?.repeat_interval]).toEqual(times)
    expect(Object.keys(dashboards)).toHaveLength(catalogueCounts[profile]?.dashboards ?? 0)
    const followed = catalogueCounts[profile]?.runbooks
    if (followed !== undefined) expect(Object.keys(runbooks)).toHaveLength(followed)
  })

  test('99.9 % are 86.4 s a day, as the profile says where its document errs', () => {
    expect(configOf('video-chat').objectives.availability?.note).toMatch(/86\.4 s a day and 43\.2 min in 30 days/)
  })
})
