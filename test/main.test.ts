import {execFile} from 'node:child_process'
import {join} from 'node:path'
import {expect, it} from 'vitest'
import {runCli} from './fixtures/cli.ts'

const bin = join(import.meta.dirname, '..', 'bin')

function node(...args: string[]): Promise<{code: number | string | null | undefined; stdout: string; stderr: string}> {
  return new Promise((resolve) => {
    execFile(process.execPath, args, {env: {...process.env, NO_COLOR: '1'}}, (error, stdout, stderr) => {
      resolve({code: error ? error.code : 0, stdout, stderr})
    })
  })
}

it('an unknown command is a usage error that names the nearest one', async () => {
  expect(await runCli(['htpp', 'http://127.0.0.1'])).toEqual({
    code: 2,
    stdout: '',
    stderr: 'expected a command, got "htpp"\n  did you mean: probe http\n',
  })
})

it('an unknown command of a topic names the nearest one too', async () => {
  const {code, stderr} = await runCli(['config', 'valdate'])
  expect(code).toBe(2)
  expect(stderr).toContain('did you mean: probe config validate')
})

it('a name that is near nothing is sent to the list', async () => {
  const {code, stderr} = await runCli(['supercalifragilistic'])
  expect(code).toBe(2)
  expect(stderr).toContain('probe --help lists them')
})

it('an unknown flag is a usage error', async () => {
  const {code, stdout} = await runCli(['http', 'http://127.0.0.1', '--nope'])
  expect(code).toBe(2)
  expect(stdout).toBe('')
})

it('says in one line that Node.js is too old', async () => {
  const pretend = 'data:text/javascript,Object.defineProperty(process.versions, "node", {value: "20.1.0"})'
  const {code, stderr} = await node('--import', pretend, join(bin, 'run.cjs'), '--version')
  expect(stderr).toMatch(/^probe needs Node\.js 22 or newer, and this is v\S+\n$/)
  expect(code).toBe(2)
})

it('runs unbuilt in development', async () => {
  const {code, stdout, stderr} = await node(join(bin, 'dev.js'), 'http', '--help')
  expect(stdout).toContain('probe http URL')
  expect({code, stderr}).toEqual({code: 0, stderr: ''})
})

it('finds unknown commands in development too', async () => {
  const {code, stderr} = await node(join(bin, 'dev.js'), 'htpp')
  expect(stderr).toContain('did you mean: probe http')
  expect(code).toBe(2)
})
