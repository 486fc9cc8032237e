import {access} from 'node:fs/promises'
import {dirname} from 'node:path'
import {afterEach, expect, test, vi} from 'vitest'
import {startDemo} from '../../src/demo/demo.ts'
import {runCli} from '../fixtures/cli.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

const listening = () => process.getActiveResourcesInfo().filter((name) => /TCPServerWrap|UDPWrap/.test(name)).length

test('closing the demo ends its servers and removes its folder', async () => {
  const before = listening()
  const demo = await startDemo()
  expect(listening()).toBeGreaterThan(before)
  await demo.close()
  expect(listening()).toBe(before)
  await expect(access(dirname(demo.config))).rejects.toThrow(/ENOENT/)
})

test('a demo that cannot be started leaves nothing behind that keeps the process alive', async () => {
  const before = listening()
  vi.stubEnv('TMPDIR', '/dev/null')
  await expect(startDemo()).rejects.toThrow('expected a folder for temporary files, got /dev/null (ENOTDIR)')
  expect(listening()).toBe(before)
})

test('the command then ends at once, and says why', async () => {
  const {code, stderr} = await runCli(['demo'], {env: {TMPDIR: '/dev/null'}})
  expect(stderr).toMatch(/^expected a folder for temporary files, got \/dev\/null \(ENOTDIR\)\n/)
  expect(code).toBe(2)
})
