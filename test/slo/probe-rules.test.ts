import {describe, expect, it} from 'vitest'
import type {Objective} from '../../src/core/objective.ts'
import {alertingRule} from '../../src/slo/rules/alerting-rule.ts'
import {probeAlerts, probeRecordings} from '../../src/slo/rules/probe-rules.ts'
import type {AlertingRule} from '../../src/slo/rules/rule.ts'
import {probeCases, runEvents} from '../fixtures/alerts/probe-cases.ts'
import {failing, type RuleTest} from '../fixtures/alerts/promtool.ts'
import {need} from '../setup/need.ts'

const promtool = need('promtool')
const runs = {profile: 'small', everyMs: 300_000}
const latency: Objective = {
  id: 'latency',
  indicator: 'signaling_rtt',
  sources: ['probe'],
  kind: 'events',
  role: 'promise',
  minEvents: 20,
  bounds: [{level: 'target', share: 0.99, severity: 'warning'}],
}
const recordings = probeRecordings(runs)
const alerts = probeAlerts(runs, [latency]).map((alert) => alertingRule(alert, {profile: 'small'}))

describe('alerts on what a probe pushed', () => {
  it.each(Object.entries(probeCases))(
    '%s fires when it is due, is silent just below, and without data',
    (name, one) => {
      const test = {alert: alertOf(name), rules: [alertOf(name)], atMinutes: one.atMinutes ?? 60}
      const tests: RuleTest[] = [
        ...(one.fires.length > 0 ? [{...test, title: 'fires', series: one.fires, fires: true}] : []),
        {...test, title: 'just below', series: one.silent, fires: false},
        {...test, title: 'without data', series: [], fires: one.firesWithoutData ?? false},
      ]
      expect(failing(promtool, tests)).toEqual([])
    },
  )

  it('are all tried here', () => {
    const names = new Set(alerts.map(({alert}) => alert))
    expect([...names].sort()).toEqual([...Object.keys(probeCases), 'LatencyProbeBudgetBurn'].sort())
  })

  const burning = alerts.filter(({alert}) => alert === 'LatencyProbeBudgetBurn')

  it.each(burning.map((alert) => [alert.labels.window, alert] as const))(
    'the budget that burns over %s fires, is silent a tenth slower, and without data',
    (window = '', alert) => {
      const minutes = minutesOf(window)
      const threshold = Number(/> ([\d.]+)/.exec(alert.expr)?.[1])
      const bad = (share: number) =>
        runEvents(
          'latency',
          Array.from({length: minutes / 5 + 1}, () => 100 * share),
        )
      const everyMinutes = 5 // as often as runs end
      const test = {alert, rules: [...recordings, alert], atMinutes: minutes, everyMinutes}
      const tests: RuleTest[] = [
        {...test, title: 'fires', series: bad(threshold * 1.1), fires: true},
        {...test, title: 'just below', series: bad(threshold * 0.9), fires: false},
        {...test, title: 'without data', series: [], fires: false},
      ]
      expect(failing(promtool, tests)).toEqual([])
    },
  )

  it('one bad run wakes nobody, however many of its events are bad; a second one does', () => {
    const [alert] = burning
    if (!alert) throw new Error('no alert')
    const hour = (...last: number[]) => [...Array.from({length: 13 - last.length}, () => 0), ...last]
    const test = {alert, rules: [...recordings, alert], atMinutes: 60}
    const tests: RuleTest[] = [
      {...test, title: 'one', series: runEvents('latency', hour(100)), fires: false},
      {...test, title: 'two', series: runEvents('latency', hour(100, 100)), fires: true},
    ]
    expect(failing(promtool, tests)).toEqual([])
  })
})

function alertOf(name: string): AlertingRule {
  const found = alerts.find(({alert}) => alert === name)
  if (!found) throw new Error(`no alert ${name}`)
  return found
}

function minutesOf(window: string): number {
  const [, count, unit] = /^(\d+)([hmd])$/.exec(window) ?? []
  return Number(count) * (unit === 'd' ? 1440 : unit === 'h' ? 60 : 1)
}
