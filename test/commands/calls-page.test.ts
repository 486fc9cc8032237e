import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {dirname, join} from 'node:path'
import {promisify} from 'node:util'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {startDemo, type Demo} from '../../src/demo/demo.ts'
import {configFolder} from '../fixtures/config-folder.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'calls.md'), 'utf8')
const examples = (language: string): string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text)

/** The same with less of it. */
const shorter: readonly (readonly [long: string, short: string])[] = [
  ['--count 20', '--count 2 --interval 10ms'],
  ['--hold 60s', '--hold 1s'],
  ['--media 10s', '--media 200ms'],
  ['--calls 50 --concurrency 5', '--calls 3 --concurrency 2 --media 0s --interval 10ms'],
]

describe('every command of the page on calls works', () => {
  let demo: Demo
  beforeAll(async () => {
    demo = await startDemo()
  })
  afterAll(() => demo.close())

  test.each(examples('sh').flatMap((block) => block.trim().split('\n')))('%s', async (line) => {
    const [turn = '', backend = ''] = [demo.addresses.turn?.[0], demo.addresses.backend?.[0]]
    const secret = readFileSync(join(dirname(demo.config), 'turn-secret'), 'utf8')
    let command = line.replaceAll('turn:turn.example.org', turn).replace('https://chat.example.org', backend)
    for (const [long, short] of shorter) command = command.replace(long, short)
    const [, ...args] = command.split(' ')
    const {stdout} = await promisify(execFile)(
      process.execPath,
      [join(root, 'bin', 'run.cjs'), ...args, '--timeout', '20s'],
      {env: {...process.env, PROBE_TURN_SECRET: secret}},
    )
    expect(stdout).toMatch(/^(ok |\{)/)
    expect(stdout).not.toContain(secret)
  })
})

test('the check of the page is one of the profile, with its relay', async () => {
  const [config = ''] = examples('yaml')
  const {checks} = await loadPlan({env: {TURN_SECRET: 'north-star'}, cwd: configFolder({'probe.yaml': config})})
  const call = checks.find(({name}) => name === 'call')
  expect(call?.options).toMatchObject({policy: 'all', turn: {address: 'turn:turn.example.org'}})
})
