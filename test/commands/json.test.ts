import {expect, test} from 'vitest'
import {runCli} from '../fixtures/cli.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'

/** One document by the published schema, whatever became of the command. */
test.each([
  ['a probe that failed', ['http', 'http://127.0.0.1:1'], 1],
  ['several attempts', ['stun', '127.0.0.1:1', '--count', '2', '--interval', '1ms'], 1],
  ['a heavy probe, from its own process', ['ice', 'turn:127.0.0.1:1'], 1],
  ['what nobody can do', ['http', 'http://[::1]:1', '-4'], 2],
  ['a run that failed', ['run', 'health', '--target', 'backend=http://127.0.0.1:1'], 1],
  ['an address that is none', ['turn', 'http://127.0.0.1'], 2],
  ['an option out of range', ['turn', 'turn:127.0.0.1:1', '--packets', '0'], 2],
  ['an unknown flag', ['run', '--colour'], 2],
  ['an unknown command', ['rnu'], 2],
  ['a config with mistakes', ['run', '--config', 'test/fixtures/config/bad/addresses.yaml'], 2],
])('--json of %s keeps to the schema', async (_what, args, expected) => {
  const {code, stdout} = await runCli([...args, '--json'])
  expect(schemaErrors(JSON.parse(stdout))).toEqual([])
  expect(code).toBe(expected)
})
