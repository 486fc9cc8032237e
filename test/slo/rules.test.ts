import {spawnSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, it} from 'vitest'
import {objectivesOf} from '../../src/config/objectives.ts'
import {profileNames} from '../../src/config/profiles.ts'
import {resolveConfig} from '../../src/config/resolve-config.ts'
import type {Objective} from '../../src/core/objective.ts'
import {budgeted} from '../../src/slo/rules/budget-rules.ts'
import {windowName} from '../../src/slo/rules/burn-rate.ts'
import {ruleGroups} from '../../src/slo/rules/rule-groups.ts'
import type {AlertingRule, RecordingRule, RuleGroup} from '../../src/slo/rules/rule.ts'
import {budgetCase} from '../fixtures/alerts/budget-case.ts'
import {cases, type AlertCase} from '../fixtures/alerts/cases.ts'
import {seriesFor} from '../fixtures/alerts/objective-case.ts'
import {failing, type RuleTest} from '../fixtures/alerts/promtool.ts'
import {need} from '../setup/need.ts'

const promtool = need('promtool')

describe.each(await profileNames())('the rules of %s', async (profile) => {
  const {config} = await resolveConfig({flags: {profile}, env: {}, cwd: '.'})
  const {name, alerts, recording_rules: recordings, scrape} = config
  const objectives = objectivesOf(config)
  const stepMs = scrape?.interval ?? 15_000
  const settings = {everyMs: 300_000, runbookUrl: 'https://runbooks.example.org/{profile}/{runbook}'}
  const groups = ruleGroups({name, alerts, recordings, objectives, stepMs}, settings)
  const alertsOf = (group: string) => alertsIn(groups.filter((one) => one.name === `${profile}-${group}`))

  it('pass promtool check rules', () => {
    expect(checkRules(groups)).toMatchObject({status: 0, stderr: ''})
  })

  it('say of every alert its severity, what it is about, and where its runbook is read', () => {
    for (const {alert, labels, annotations} of alertsIn(groups)) {
      expect(labels.severity, alert).toMatch(/^(critical|warning|high|info|general)$/)
      expect(annotations.summary, alert).toMatch(/\w/)
      const url = annotations.runbook && `https://runbooks.example.org/${profile}/${annotations.runbook}`
      expect(annotations.runbook_url, alert).toBe(url)
    }
  })

  it('fire for each documented alert when it is due, are silent just below, and without data', () => {
    const documented = alertsOf('alerts')
    expect(documented.length).toBeGreaterThan(0)
    const tests = documented.flatMap((alert) => threeTests([alert], alert, caseOf(alert, profile, objectives)))
    expect(failing(promtool, tests)).toEqual([])
  })

  it('say of each objective when nothing is known of it', () => {
    const tests = alertsOf('absence').flatMap((alert) => {
      const watched = documentedFor(alert.labels.objective, alertsOf('alerts'))
      const {silent} = caseOf(watched, profile, objectives)
      return threeTests([alert], alert, {fires: [], silent, firesWithoutData: true})
    })
    expect(failing(promtool, tests)).toEqual([])
  })

  it('fire when an error budget burns too fast, are silent when it burns a tenth slower, and without data', () => {
    const budgetRules = groups.filter((one) => one.name.startsWith(`${profile}-budget`)).flatMap(({rules}) => rules)
    const tests = budgeted(objectives, stepMs).flatMap(({objective, target, windows}) =>
      windows.flatMap((window) => {
        const own = budgetRules.filter(({labels}) => labels?.objective === objective.id)
        const alert = alertsIn([{name: '', rules: own}]).find(
          ({labels}) => labels.window === windowName(window.longMs) && labels.severity === window.severity,
        )
        if (!alert) throw new Error(`no alert for ${objective.id} over ${windowName(window.longMs)}`)
        const rules = [...own.filter((rule) => 'record' in rule && alert.expr.includes(`${rule.record}{`)), alert]
        const tests = threeTests(rules, alert, budgetCase(objective, target, window))
        return tests.map((test) => ({...test, everyMinutes: test.atMinutes})) // it has no `for`: the end is all that counts
      }),
    )
    expect(failing(promtool, tests)).toEqual([])
  }, 120_000)
})

it('a rule that does not do what its test says is found', () => {
  const alert: AlertingRule = {alert: 'Never', expr: 'up == 2', labels: {severity: 'info'}, annotations: {}}
  const tests = threeTests([alert], alert, {
    fires: [{series: 'up', values: '1x90'}],
    silent: [{series: 'up', values: '2x90'}],
    firesWithoutData: true,
  })
  expect(failing(promtool, tests).map((one) => one.split(':')[0])).toEqual(tests.map(({title}) => title))
})

function alertsIn(groups: readonly RuleGroup[]): AlertingRule[] {
  return groups.flatMap(({rules}) => rules.flatMap((rule) => ('alert' in rule ? [rule] : [])))
}

function checkRules(groups: readonly RuleGroup[]): {status: number | null; stdout: string; stderr: string} {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'))
  try {
    writeFileSync(join(folder, 'rules.yml'), JSON.stringify({groups}))
    return spawnSync(promtool, ['check', 'rules', 'rules.yml'], {cwd: folder, encoding: 'utf8'})
  } finally {
    rmSync(folder, {recursive: true})
  }
}

function threeTests(
  rules: readonly (AlertingRule | RecordingRule)[],
  alert: AlertingRule,
  {fires, silent, atMinutes = 60, firesWithoutData}: AlertCase,
): RuleTest[] {
  const test = {alert, rules, atMinutes}
  const title = [alert.alert, alert.labels.objective, alert.labels.window].filter(Boolean).join(' ')
  return [
    {...test, title: `${title} fires`, series: fires, fires: true},
    {...test, title: `${title} is silent just below`, series: silent, fires: false},
    {...test, title: `${title} without data`, series: [], fires: firesWithoutData ?? false},
  ].slice(fires.length === 0 ? 1 : 0)
}

/** By hand where the query is anything, else from what the objective counts. */
function caseOf(alert: AlertingRule, profile: string, objectives: readonly Objective[]): AlertCase {
  const byHand = cases[profile]?.[alert.alert]
  if (byHand) return byHand
  const objective = objectives.find(({id}) => id === alert.labels.objective)
  const bound = objective?.bounds.find(({summary}) => summary === alert.annotations.summary)
  const [fires, silent] = objective && bound ? [true, false].map((crossed) => seriesFor(objective, bound, crossed)) : []
  if (!fires || !silent) throw new Error(`no case for ${profile} ${alert.alert}`)
  return {fires, silent}
}

function documentedFor(objective: string | undefined, documented: readonly AlertingRule[]): AlertingRule {
  const found = documented.find(({labels}) => labels.objective === objective)
  if (!found) throw new Error(`no documented alert for ${objective ?? 'nothing'}`)
  return found
}
