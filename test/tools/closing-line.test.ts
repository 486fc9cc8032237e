import {execFile} from 'node:child_process'
import {mkdtemp, rm, symlink, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterEach, beforeEach, expect, it} from 'vitest'

const root = join(import.meta.dirname, '..', '..')
let folder = ''

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'closing-'))
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'))
})
afterEach(() => rm(folder, {recursive: true, force: true}))

/** Runs vitest on one file, and returns its exit code and the lines it wrote. */
async function run(
  body: string,
  extra: Readonly<Record<string, string>> = {},
): Promise<{code: number | string | null | undefined; lines: string[]}> {
  const need = join(root, 'test', 'setup', 'need.ts')
  const head = `import {beforeAll, describe, expect, it} from 'vitest'\nimport {need} from '${need}'\n`
  await writeFile(join(folder, 'some.test.ts'), head + body)
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const reporter = `--reporter=${join(root, 'test', 'setup', 'closing-line.ts')}`
  const args = [vitest, 'run', '--root', folder, '--reporter=default', reporter]
  const env = {PATH: process.env.PATH, CI: '', NO_COLOR: '1', ...extra}
  return new Promise((resolve) => {
    execFile(process.execPath, args, {env}, (error, stdout) => {
      resolve({code: error ? error.code : 0, lines: stdout.trimEnd().split('\n')})
    })
  })
}

it('is the last line, alone', async () => {
  const {code, lines} = await run(`it('a', () => {}); it('b', () => {})`)
  expect(lines.slice(-2)).toEqual(['', '2 passed, 0 failed'])
  expect(code).toBe(0)
})

it('counts failed tests, and files that cannot be loaded', async () => {
  expect(await run(`it('a', () => {}); it('b', () => { expect(1).toBe(2) })`)).toMatchObject({code: 1})
  const {code, lines} = await run(`throw new Error('no')`)
  expect(lines.at(-1)).toBe('0 passed, 1 failed')
  expect(code).toBe(1)
})

it('a run in which nothing passed is no success', async () => {
  const {code, lines} = await run(`it.skip('a', () => {})`)
  expect(lines.at(-1)).toBe('0 passed, 0 failed, 1 skipped')
  expect(code).toBe(1)
})

it('says above it that static checks failed before', async () => {
  const {lines} = await run(`it('a', () => {})`, {STATIC_CHECKS: 'failed'})
  expect(lines.slice(-3)).toEqual(['static checks failed: see what stands before the tests', '', '1 passed, 0 failed'])
})

const needy = `it('fine', () => {})
it('one', () => { need('nonesuch') })
describe('more', () => {
  const program = need('nonesuch')
  beforeAll(() => { throw new Error(program) })
  it('two', () => {})
})`

it('names what was skipped for want of a program, and how to get it', async () => {
  const {code, lines} = await run(needy)
  expect(lines.slice(-4)).toEqual([
    'skipped: some.test.ts > one (needs nonesuch: put nonesuch on PATH)',
    'skipped: some.test.ts > more > two (needs nonesuch: put nonesuch on PATH)',
    '',
    '1 passed, 0 failed, 2 skipped',
  ])
  expect(code).toBe(0)
})

it('with CI=true a missing program is a failure', async () => {
  const {code, lines} = await run(needy, {CI: 'true'})
  expect(lines.at(-1)).toMatch(/^\d passed, [1-9] failed/)
  expect(code).toBe(1)
})
