import {mkdtempSync, readdirSync, readFileSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {runCli} from '../fixtures/cli.ts'

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'monitoring.md'), 'utf8')
const commands = [...page.matchAll(/```sh\n(.*?)```/gs)].flatMap(([, block = '']) => block.trim().split('\n'))
// alert-path asks servers: test/commands/alert-path.test.ts runs the three of them against real ones
const offline = commands.filter((line) => !line.startsWith('probe alert-path'))

describe('every command of the page on monitoring works', () => {
  const folder = mkdtempSync(join(tmpdir(), 'monitoring-docs-'))
  afterAll(() => rmSync(folder, {recursive: true}))

  it.each(offline)('%s', async (line) => {
    const [command = ''] = line.split(' > ')
    const args = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '')
    const {code, stdout, stderr} = await runCli(args.slice(1), {cwd: folder})
    expect({code, stderr: stderr.replace(/^left out: .*\n/gm, '')}).toEqual({code: 0, stderr: ''})
    expect(stdout).not.toBe('')
  })

  it('the dashboards are where it says', () => {
    expect(readdirSync(join(folder, 'dashboards'))).toContain('probe.json')
  })

  it('files that are there are not written over', async () => {
    const {code, stderr} = await runCli(['slo', 'dashboards', '--out-dir', 'dashboards'], {cwd: folder})
    expect(code).toBe(2)
    expect(stderr).toMatch(/got what is there already\n {2}replace it with --force\n$/)
    const again = await runCli(['slo', 'dashboards', '--out-dir', 'dashboards', '--force'], {cwd: folder})
    expect(again.code).toBe(0)
  })
})
