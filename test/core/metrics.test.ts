import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {mkdtemp, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {metrics} from '../../src/core/metrics.ts'
import {need} from '../setup/need.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'metrics.md'), 'utf8')

describe('the page on metrics', () => {
  test('lists every metric with its help text, and no other', () => {
    const table = page.slice(page.indexOf('| metric'), page.indexOf('## Scraping'))
    const rows = [...table.matchAll(/^\| `(\w+)` +\| (.+?) +\|$/gm)]
    expect(rows.map(([, name, help]) => [name, help])).toEqual(Object.entries(metrics))
  })

  test('has rules that Prometheus takes', async () => {
    const promtool = need('promtool')
    const [, rules = ''] = /```yaml\n(groups:.*?)```/s.exec(page) ?? []
    const folder = await mkdtemp(join(tmpdir(), 'rules-'))
    try {
      await writeFile(join(folder, 'rules.yml'), rules)
      const {stdout} = await promisify(execFile)(promtool, ['check', 'rules', join(folder, 'rules.yml')])
      expect(stdout).toContain('SUCCESS: 2 rules found')
    } finally {
      await rm(folder, {recursive: true, force: true})
    }
  })
})
