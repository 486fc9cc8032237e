import {execFileSync} from 'node:child_process'
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, describe, expect, it} from 'vitest'
import {profileNames} from '../../src/config/profiles.ts'
import {runCli} from '../fixtures/cli.ts'
import {smallProfile} from '../fixtures/small-profile.ts'
import {need} from '../setup/need.ts'

const folder = mkdtempSync(join(tmpdir(), 'routes-'))
afterAll(() => rmSync(folder, {recursive: true}))

/** As the documents say it: who hears of an alert of which severity. */
const documented: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'video-chat': {critical: 'pagerduty,default', warning: 'default'},
  bambisleep: {critical: 'critical', warning: 'warnings', info: 'general'},
  nova: {critical: 'critical', warning: 'warning', info: 'default'},
  colink: {critical: 'pagerduty', warning: 'slack', info: 'default'},
  'chat-backend': {critical: 'oncall', high: 'team', warning: 'team'},
}

describe('the routes that Alertmanager is given', () => {
  const amtool = need('amtool')

  it('are known for every built-in profile', async () => {
    expect(Object.keys(documented).sort()).toEqual((await profileNames()).sort())
  })

  describe.each(Object.entries(documented))('%s', (profile, receivers) => {
    it('pass amtool check-config, and each severity reaches its receiver', async () => {
      const {code, stdout, stderr} = await runCli(['slo', 'routes', '--profile', profile])
      expect({code, stderr}).toEqual({code: 0, stderr: ''})
      const file = join(folder, `${profile}.yml`)
      writeFileSync(file, stdout)
      expect(execFileSync(amtool, ['check-config', file], {encoding: 'utf8'})).toContain('SUCCESS')
      const reached = Object.keys(receivers).map((severity) => [severity, receiversOf(file, severity)] as const)
      expect(Object.fromEntries(reached)).toEqual(receivers)
    })
  })

  it('name the deployment’s own mail server and folder of secrets', async () => {
    const delivery = [
      '--smarthost',
      'mail.example.org:587',
      '--from',
      'alerts@example.org',
      '--secrets',
      '/run/secrets',
    ]
    const {stdout} = await runCli(['slo', 'routes', '--profile', 'chat-backend', '--json', ...delivery])
    expect(JSON.parse(stdout)).toMatchObject({
      global: {
        smtp_smarthost: 'mail.example.org:587',
        smtp_from: 'alerts@example.org',
        slack_api_url_file: '/run/secrets/slack-api-url',
      },
    })
  })

  it('are asked for in vain where a profile has none', async () => {
    const profile = join(folder, 'own.yaml')
    writeFileSync(profile, smallProfile)
    const {code, stdout, stderr} = await runCli(['slo', 'routes', '--profile', profile])
    expect({code, stdout}).toEqual({code: 2, stdout: ''})
    expect(stderr).toBe('expected `routing` in the profile small, got none\n  say who hears of which alert\n')
  })

  function receiversOf(file: string, severity: string): string {
    const args = ['config', 'routes', 'test', `--config.file=${file}`, `severity=${severity}`]
    return execFileSync(amtool, args, {encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore']}).trim()
  }
})
