import {execFile} from 'node:child_process'
import {copyFile, chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {delimiter, dirname, join} from 'node:path'
import {afterAll, beforeAll, describe, expect, it} from 'vitest'
import {startDemo, type Demo} from '../src/demo/demo.ts'

const root = join(import.meta.dirname, '..')
const text = await readFile(join(root, 'README.md'), 'utf8')
const commands = blocks('sh').flatMap((block) => block.split('\n'))

describe('every command of the README works', () => {
  let demo: Demo
  let folder = ''
  let secret = ''

  beforeAll(async () => {
    demo = await startDemo()
    folder = await mkdtemp(join(tmpdir(), 'readme-'))
    for (const file of ['turn-secret', 'ca.pem']) await copyFile(join(dirname(demo.config), file), join(folder, file))
    secret = await readFile(join(folder, 'turn-secret'), 'utf8')
    await writeFile(join(folder, 'probe.yaml'), onDemo(blocks('yaml')[0] ?? ''))
    const program = join(folder, 'probe')
    await writeFile(program, `#!/bin/sh\nexec '${process.execPath}' '${join(root, 'bin', 'run.cjs')}' "$@"\n`)
    await chmod(program, 0o755)
  })
  afterAll(async () => {
    await demo.close()
    await rm(folder, {recursive: true, force: true})
  })

  it.each(commands.filter((line) => line.startsWith('probe ')))(
    '%s',
    async (line) => {
      const {code, stdout, stderr} = await shell(onDemo(line))
      // Here it counts that the command is right; a machine busy with other tests may be too slow to judge latencies.
      const busy = code === 3 && stdout.includes('this machine was too busy')
      expect({code: busy ? 0 : code, stderr}).toEqual({code: 0, stderr: ''})
    },
    60_000,
  )

  /** The README's addresses are nobody's: the embedded target stands for them. */
  function onDemo(example: string): string {
    const {backend = [], stun = [], turn = []} = demo.addresses
    const places: readonly (readonly [example: string, actual: string | undefined])[] = [
      ['https://chat.example.org', backend[0]],
      ['wss://chat.example.org', backend[0]?.replace('http', 'ws')],
      ['turns:turn.example.org?transport=tcp', turn[2]],
      ['turn:turn.example.org?transport=udp', turn[0]],
      ['stun turn.example.org', stun[0]?.replace('stun:', 'stun ')],
      ['stun:turn.example.org', stun[0]],
    ]
    return places.reduce((result, [from, to]) => result.replaceAll(from, to ?? from), example)
  }

  function shell(line: string): Promise<{code: number | string | null | undefined; stdout: string; stderr: string}> {
    const env = {
      ...process.env,
      PATH: `${folder}${delimiter}${process.env.PATH ?? ''}`,
      TURN_SECRET: secret,
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      NODE_ENV: 'production',
    }
    return new Promise((resolve) => {
      execFile('sh', ['-c', line], {cwd: folder, env}, (error, stdout, stderr) => {
        resolve({code: error ? error.code : 0, stdout, stderr})
      })
    })
  }
})

it('names only npm scripts that there are', async () => {
  const {scripts} = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as {scripts: Record<string, string>}
  const named = commands.filter((line) => line.startsWith('npm ')).map((line) => line.replace(/^npm (run )?/, ''))
  expect(named).toEqual(['start', 'test'])
  for (const script of named) expect(scripts).toHaveProperty(script)
})

it('has no command that is not tried here', () => {
  expect(commands.filter((line) => !/^(probe|npm) /.test(line))).toEqual([])
})

function blocks(language: string): string[] {
  return [...text.matchAll(/^```(\w+)\n(.*?)\n```$/gms)].flatMap(([, name, body]) =>
    name === language && body !== undefined ? [body] : [],
  )
}
