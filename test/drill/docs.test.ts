import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {drillOf} from '../../src/drill-plan.ts'
import {scenarioNames} from '../../src/drill/scenarios.ts'
import {measures} from '../../src/load/measures.ts'
import {runCli} from '../fixtures/cli.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {drillReport, placeReport} from '../fixtures/drill-report.ts'

const page = readFileSync(new URL('../../docs/drills.md', import.meta.url), 'utf8')
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text)
const [config = ''] = blocks('yaml')
const commands = blocks('sh').flatMap((text) => text.trim().split('\n'))
const plans = commands.filter((line) => line.startsWith('probe drill plan'))
/** Of what is done with reports that lie there. */
const kept = commands.filter((line) => /^probe drill (report|compare|list|clean)/.test(line))

describe('the page of drills', () => {
  test.each(plans)('%s', {timeout: 60_000}, async (line) => {
    const cwd = configFolder({'probe.yaml': config})
    const {code, stdout, stderr} = await runCli(line.split(' ').slice(1), {cwd})
    expect(stderr).toBe('')
    expect(stdout).toContain('chat-backend')
    expect(code).toBe(0)
  })

  test.each(kept)('%s', {timeout: 60_000}, async (line) => {
    const cwd = configFolder({})
    const day = 86_400_000
    await placeReport(join(cwd, 'reports'), 'before', drillReport({startedAt: Date.now() - 400 * day}))
    await placeReport(join(cwd, 'reports'), 'after', drillReport({startedAt: Date.now() - day}))
    const {code, stdout, stderr} = await runCli(line.split(' ').slice(1), {cwd})
    expect(stderr).toBe('')
    expect(stdout).toMatch(/after|before|13\.0 ms|0 of 2 drills/)
    expect(code).toBe(0)
  })

  test('has no command that is not tried here, but for runs, which are tried with targets of their own', () => {
    const untried = commands.filter((line) => !plans.includes(line) && !kept.includes(line))
    expect(untried.filter((line) => !/^(\S+=\S+ )?probe drill (run|calibrate)/.test(line))).toEqual([])
  })

  test('its configuration says what it is said to say', async () => {
    const plan = await loadPlan({env: {}, cwd: configFolder({'probe.yaml': config})})
    expect(plan.drill.allow).toEqual(['chat.staging.example.org'])
    const {subject, plan: drill} = drillOf(plan, {scenario: 'mixed', pace: {}, socketsPerVu: 10})
    expect(drill.sizing.sockets?.connections).toBe(1000)
    expect(subject.requests?.map(({name, weight}) => [name, weight])).toEqual([
      ['health', 9],
      ['database', 1],
    ])
  })

  test('names every scenario, and no other', () => {
    const section = page.slice(page.indexOf('## Scenarios'), page.indexOf('## The verdict'))
    expect([...section.matchAll(/^\| `([a-z-]+)`/gm)].map(([, name]) => name)).toEqual(scenarioNames)
  })

  test('names series that a generator has', () => {
    const named = [...page.matchAll(/`k6_([a-z_]+?)_(?:p99|total|rate)`/g)].map(([, name]) => name)
    expect(named.length).toBeGreaterThan(0)
    for (const name of named) expect(Object.values(measures)).toContain(name)
  })
})
