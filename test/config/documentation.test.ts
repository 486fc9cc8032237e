import {execFile} from 'node:child_process'
import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {promisify} from 'node:util'
import {describe, expect, test} from 'vitest'
import {loadPlan} from '../../src/config/plan.ts'
import {configFolder} from '../fixtures/config-folder.ts'

const root = join(import.meta.dirname, '..', '..')
const page = readFileSync(join(root, 'docs', 'configuration.md'), 'utf8')
const env = {TURN_SECRET: 'north-star', PUSH_TOKEN: 'open-sesame'}
const around = {'push-token': 'open-sesame\n', 'ca.pem': 'a certificate\n'}

/** The fenced examples of one language. */
function examples(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, 'gm'))].map(([, text = '']) => text)
}

const yaml = examples('yaml')
const configs = yaml.filter((example) => example.startsWith('# probe.yaml'))
const [mistaken = ''] = configs.splice(-1)
const profile = yaml.find((example) => example.startsWith('# profiles/eu.yaml')) ?? ''

function folderOf(config: string): string {
  return configFolder({...around, 'profiles/eu.yaml': profile, 'probe.yaml': config})
}

describe('every example of the page on configuration works', () => {
  test.each(configs)('%s', async (example) => {
    const {checks} = await loadPlan({env, cwd: folderOf(example)})
    expect(checks.length).toBeGreaterThan(0)
  })

  test.each(examples('sh').flatMap((block) => block.trim().split('\n')))('%s', async (line) => {
    const [, ...args] = line.split(' ')
    const program = join(root, 'bin', 'run.cjs')
    const cwd = folderOf(configs[0] ?? '')
    const {stdout} = await promisify(execFile)(process.execPath, [program, ...args], {
      cwd,
      env: {...process.env, ...env},
    })
    expect(stdout).toContain('video-chat')
    expect(stdout).not.toMatch(/north-star|open-sesame/)
  })

  test('the mistakes are told as the page says', async () => {
    const [said = ''] = examples('text')
    const cwd = folderOf(mistaken)
    await expect(loadPlan({env, cwd})).rejects.toMatchObject({message: said.trim()})
  })

  test('what the page says of a layer holds', async () => {
    const plans = await Promise.all(configs.map((example) => loadPlan({env, cwd: folderOf(example)})))
    const [deployment, targets, checks, objectives, own] = plans
    expect(deployment).toMatchObject({instance: 'production', location: 'frankfurt', reference: {host: 'example.org'}})
    expect(targets?.checks[0]?.options).toMatchObject({ca: 'a certificate'})
    expect(checks?.checks.map(({name}) => name)).toEqual(['health', 'handshake', 'call', 'website'])
    expect(objectives?.objectives.map(({id}) => id)).not.toContain('match-latency')
    expect(own).toMatchObject({profile: 'video-chat-eu', instance: 'video-chat-eu'})
  })
})
