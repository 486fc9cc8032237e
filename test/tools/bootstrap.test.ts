import {spawn, type ChildProcessByStdio} from 'node:child_process'
import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import {chmod, cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import type {Readable} from 'node:stream'
import {afterEach, beforeEach, expect, it} from 'vitest'

const root = join(import.meta.dirname, '..', '..')

/** A repository in which npm, the pinned Node and the program only write down that they were called. */
let folder = ''
const log = () =>
  readFile(join(folder, 'log'), 'utf8').then(
    (text) => text.trim().split('\n'),
    () => [],
  )

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'boot strap-')) // with a space, on purpose
  await cp(join(root, 'tools', 'bootstrap'), join(folder, 'tools', 'bootstrap'), {recursive: true})
  await cp(join(root, 'tools', 'bootstrap.cjs'), join(folder, 'tools', 'bootstrap.cjs'))
  await writeFile(join(folder, 'package-lock.json'), '{}')
  await script('bin/npm', installing())
})
afterEach(() => rm(folder, {recursive: true, force: true}))

/** What npm does here: it knows its version, and installs a pinned Node that notes its arguments. */
function installing(before = ''): string {
  return `[ "$1" = --version ] && echo 11.0.0 && exit
${before}
echo "npm $*" >> '${folder}/log'
mkdir -p '${folder}/node_modules/node/bin'
cp '${folder}/pinned' '${folder}/node_modules/node/bin/node'`
}

async function script(path: string, body: string): Promise<void> {
  const file = join(folder, path)
  await mkdir(join(file, '..'), {recursive: true})
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
}

function pinned(body = ''): Promise<void> {
  return script('pinned', `echo "node $*" >> '${folder}/log'\n${body}`)
}

type Bootstrap = ChildProcessByStdio<null, Readable, Readable>

function bootstrap(...args: string[]): Bootstrap {
  const env = {PATH: `${join(folder, 'bin')}:/usr/bin:/bin`}
  return spawn(process.execPath, [join(folder, 'tools', 'bootstrap.cjs'), ...args], {
    cwd: tmpdir(),
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

async function ended(child: Bootstrap): Promise<{code: number | null; stderr: string}> {
  let stderr = ''
  child.stdout.resume()
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  return {code, stderr}
}

it('installs, builds and goes on with the pinned Node, from any folder', async () => {
  await pinned()
  expect(await ended(bootstrap('start', '--json'))).toEqual({code: 0, stderr: 'installing packages (npm ci)\n'})
  const [npm, build, start] = await log()
  expect(npm).toMatch(/^npm ci /)
  expect(build).toBe('node tools/build.ts')
  expect(start).toBe(`node ${join(folder, 'bin', 'run.cjs')} demo --json`)
})

it('installs once, and again when the lock file changed', async () => {
  await pinned()
  const installs = async () => (await log()).filter((line) => line.startsWith('npm ci')).length
  await ended(bootstrap('start'))
  await ended(bootstrap('start'))
  expect(await installs()).toBe(1)
  await writeFile(join(folder, 'package-lock.json'), '{"changed": true}')
  await ended(bootstrap('start'))
  expect(await installs()).toBe(2)
})

it('does an interrupted install again', async () => {
  await pinned()
  await script('bin/npm', installing() + '\nkill -9 $$')
  expect((await ended(bootstrap('start'))).code).toBe(128 + 9)
  await script('bin/npm', installing())
  expect((await ended(bootstrap('start'))).code).toBe(0)
  expect((await log()).filter((line) => line.startsWith('npm ci'))).toHaveLength(2)
})

it('two at once install one after the other', async () => {
  await pinned()
  const go = join(folder, 'go') // the first installs until the second waits for it
  await script('bin/npm', installing(`until [ -e '${go}' ]; do sleep 0.05; done`))
  const both = [bootstrap('start'), bootstrap('start')]
  for (const {stderr} of both) {
    stderr.on('data', (chunk: Buffer) => {
      if (chunk.toString().includes('waiting for another install or build')) writeFileSync(go, '')
    })
  }
  expect((await Promise.all(both.map(ended))).map(({code}) => code)).toEqual([0, 0])
  expect((await log()).filter((line) => line.startsWith('npm ci'))).toHaveLength(1)
})

it('takes over the lock of a process that is gone', async () => {
  await pinned()
  await mkdir(join(folder, '.tools'))
  const gone = spawn('true')
  await once(gone, 'close')
  await writeFile(join(folder, '.tools', 'bootstrap.lock'), String(gone.pid))
  expect((await ended(bootstrap('start'))).code).toBe(0)
})

it.each([0, 3])('exits with %i when the program does', async (code) => {
  await pinned(`case "$*" in *demo) exit ${code};; esac`)
  expect((await ended(bootstrap('start'))).code).toBe(code)
})

it('passes SIGTERM on and leaves nobody behind', async () => {
  await pinned('case "$*" in *demo) echo $$; exec sleep 60;; esac')
  const child = bootstrap('start')
  const end = ended(child)
  const [pid] = (await once(child.stdout, 'data')) as [Buffer]
  child.kill('SIGTERM')
  expect((await end).code).toBe(128 + 15)
  expect(() => process.kill(Number(pid.toString()), 0)).toThrow('ESRCH')
})

it('gives what is named after `npm test --` to the tests alone', async () => {
  await pinned()
  await ended(bootstrap('test', 'test/core'))
  expect((await log()).slice(1)).toEqual([
    'node tools/build.ts',
    'node tools/services.ts',
    'node node_modules/vitest/vitest.mjs run test/core',
  ])
})

it('runs the tests also after a failed static check, and still fails', async () => {
  await pinned(`case "$*" in *check.ts) exit 1;; *vitest*) echo "told: $STATIC_CHECKS" >> '${folder}/log';; esac`)
  expect((await ended(bootstrap('test'))).code).toBe(1)
  expect((await log()).slice(-2)).toEqual(['node node_modules/vitest/vitest.mjs run', 'told: failed'])
})

it('says in one line that npm is too old', async () => {
  await script('bin/npm', 'echo 6.14.0')
  expect(await ended(bootstrap('start'))).toEqual({code: 2, stderr: 'expected npm 7 or newer, got 6.14.0\n'})
})
