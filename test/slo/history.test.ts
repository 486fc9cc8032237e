import {readFileSync} from 'node:fs'
import {appendFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {Objective} from '../../src/core/objective.ts'
import {appendHistory, readHistory} from '../../src/slo/history/history.ts'
import type {HistoryEntry} from '../../src/slo/history/entry.ts'
import {judgeHistory} from '../../src/slo/history/judge-history.ts'
import {runCli} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {servePages} from '../fixtures/serve-pages.ts'

const DAY = 86_400_000
const NOW = Date.parse('2026-03-02T12:00:00Z')

const objective: Objective = {
  id: 'availability',
  indicator: 'health',
  sources: ['probe'],
  kind: 'events',
  role: 'promise',
  minEvents: 20,
  bounds: [
    {level: 'target', share: 0.99, max: 200, strict: true, severity: 'warning'},
    {level: 'alert', share: 0.9, severity: 'critical'},
  ],
}

function run(daysAgo: number, good: number, change: Partial<HistoryEntry['tallies'][number]> = {}): HistoryEntry {
  const tally = {objective: 'availability', target: 'a', good, total: 100, max: 200, strict: true, ...change}
  return {
    schema: 1,
    id: `run-${daysAgo}`,
    at: NOW - daysAgo * DAY,
    profile: 'p',
    instance: 'i',
    location: 'l',
    tallies: [tally],
  }
}

describe('what runs counted', () => {
  test('adds up over a period, on each target apart', () => {
    const runs = [run(6.9, 100), run(2, 98), run(1, 100), run(0.5, 100), run(0.5, 50, {target: 'b'})]
    const found = judgeHistory(runs, [objective], {to: NOW, periodMs: 7 * DAY})
    expect(found.map(({target, status, bounds}) => [target, status, bounds[0]?.tally.good, bounds.length])).toEqual([
      ['a', 'pass', 398, 1],
      ['b', 'degraded', 50, 1],
    ])
  })

  test('of a period that is longer than the history is unknown', () => {
    const [found] = judgeHistory([run(2, 100)], [objective], {to: NOW, periodMs: 7 * DAY})
    expect(found).toMatchObject({
      status: 'inconclusive',
      why: 'the period of 168 h is longer than the history, which begins 48 h before its end',
    })
  })

  test('against other limits, or after the period, does not count', () => {
    const runs = [run(7, 100), run(1, 0, {max: 500}), run(-1, 0), run(1, 99)]
    const [found] = judgeHistory(runs, [objective], {to: NOW, periodMs: 7 * DAY})
    expect(found?.bounds[0]?.tally).toMatchObject({good: 99, total: 100})
  })
})

test('a line that was cut short is left out, and counted', async () => {
  const file = join(configFolder({}), 'runs.jsonl')
  await appendHistory(file, run(1, 100))
  await appendFile(file, '{"schema":1,"id":"cut\n\n{"schema":2}\n')
  await appendHistory(file, run(0, 100))
  const {entries, unreadable} = await readHistory(file, ({id}) => id !== 'run-1')
  expect(entries.map(({id}) => id)).toEqual(['run-0'])
  expect(unreadable).toBe(2)
  await expect(readHistory(`${file}.gone`, () => true)).rejects.toThrow(/^--history: cannot read .*\.gone \(ENOENT\)$/)
})

test('a run writes its line, and the budget is made of it', async () => {
  const {address} = closing(await servePages({'/health': {status: 'ok'}}))
  const cwd = configFolder({'probe.yaml': `profile: video-chat\ntargets: {backend: '${address}'}\n`})
  const ran = await runCli(['run', 'health', '--history', 'runs.jsonl', '--json'], {cwd})
  expect(JSON.parse(ran.stdout)).toMatchObject({exports: [{sink: 'the history runs.jsonl', ok: true}]})
  const [line = ''] = readFileSync(join(cwd, 'runs.jsonl'), 'utf8').split('\n')
  expect(JSON.parse(line)).toMatchObject({
    profile: 'video-chat',
    tallies: [{objective: 'availability', good: 5, total: 5}],
  })
  const {stdout, code} = await runCli(['slo', 'budget', '--history', 'runs.jsonl', '--json'], {cwd})
  expect(JSON.parse(stdout)).toMatchObject({
    source: 'history',
    status: 'inconclusive',
    budgets: [
      {
        objective: 'availability',
        rows: [
          {
            periodMs: DAY,
            budget: {time: {allowed: 86_400, spent: 0}},
            why: expect.stringMatching(/longer than the history/) as unknown,
          },
          {},
          {},
        ],
      },
    ],
  })
  expect(code).toBe(3)
  const nowhere = await runCli(['run', 'health', '--history', 'no/such/folder/runs.jsonl', '--json'], {cwd})
  expect(JSON.parse(nowhere.stdout)).toMatchObject({
    exports: [{ok: false, message: expect.stringContaining('ENOENT') as unknown}],
  })
  expect(nowhere.code).toBe(4)
})

test('a history that the config names lies beside it, takes whole runs alone, and is what the budget is made of', async () => {
  const {address} = closing(await servePages({'/health': {status: 'ok'}}))
  const only = ['handshake', 'signaling', 'call'].map((name) => `${name}: false`).join(', ')
  const cwd = configFolder({
    'deploy/probe.yaml': `history: runs.jsonl\ntargets: {backend: '${address}'}\nchecks: {${only}}\n`,
  })
  const config = ['--config', 'deploy/probe.yaml', '--json']
  await runCli(['run', 'health', ...config], {cwd})
  const {stdout} = await runCli(['run', ...config], {cwd})
  const file = join(cwd, 'deploy', 'runs.jsonl')
  expect(JSON.parse(stdout)).toMatchObject({exports: [{sink: `the history ${file}`, ok: true}]})
  expect(readFileSync(file, 'utf8').trimEnd().split('\n')).toHaveLength(1)
  const budget = await runCli(['slo', 'budget', ...config], {cwd})
  expect(JSON.parse(budget.stdout)).toMatchObject({source: 'history', budgets: [{objective: 'availability'}]})
})
