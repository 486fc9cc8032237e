import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync, chmodSync} from 'node:fs'
import type {ChildProcess} from 'node:child_process'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {runCli, type CliResult} from '../fixtures/cli.ts'
import {closing} from '../fixtures/closing.ts'
import {configFolder} from '../fixtures/config-folder.ts'
import {drillTarget, drillTargetProfile} from '../fixtures/drill-target.ts'
import {closedTcp} from '../fixtures/fault-server.ts'
import {processesWith} from '../fixtures/processes.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')
const SHORT = ['--interval', '500ms', '--warm-up', '0', '--ramp', '1s', '--steady', '60s', '--max-lag', '5s']

async function folderFor(address?: string, more = ''): Promise<string> {
  const url = address ?? closing(await drillTarget()).url
  const config = `profile: ./drilled.yaml\ninstance: here\ntargets: {chat: "${url}"}\n${more}`
  return configFolder({'drilled.yaml': drillTargetProfile, 'probe.yaml': config})
}

interface Running {
  readonly folder: string
  readonly args?: readonly string[]
  readonly onStart?: (child: ChildProcess) => void
}

function drillRun({folder, args = [], onStart}: Running): Promise<CliResult> {
  const env = {PROBE_K6: k6}
  return runCli(['drill', 'run', ...args], {cwd: folder, env, ...(onStart && {onStart})})
}

/** Resolves when k6 has opened sockets, which its record tells. */
async function underLoad(folder: string): Promise<void> {
  const record = join(folder, 'out', '.k6-record.ndjson')
  await expect
    .poll(() => (existsSync(record) ? readFileSync(record, 'utf8') : ''), {timeout: 60_000})
    .toContain('round_trips')
}

function reportIn(folder: string): {status: string; drill: {end: {kind: string}}} {
  return JSON.parse(readFileSync(join(folder, 'out', 'report.json'), 'utf8')) as ReturnType<typeof reportIn>
}

describe('a drill can be stopped at any time', {timeout: 120_000}, () => {
  test('Ctrl-C once: k6 winds down, the report is written, and what is unknown is not good', async () => {
    const folder = await folderFor()
    const ended = drillRun({
      folder,
      args: ['--out', 'out', ...SHORT],
      onStart: (child) => void underLoad(folder).then(() => child.kill('SIGINT')),
    })
    expect((await ended).code).toBe(130)
    expect(reportIn(folder)).toMatchObject({status: 'inconclusive', drill: {end: {kind: 'interrupted'}}})
    expect(processesWith(folder)).toEqual([])
  })

  test('Ctrl-C twice: it ends at once, and leaves no process', async () => {
    const folder = await folderFor()
    const {code, stderr} = await drillRun({
      folder,
      args: ['--out', 'out', ...SHORT],
      onStart: (child) =>
        void underLoad(folder).then(() => {
          child.kill('SIGINT')
          setTimeout(() => child.kill('SIGINT'), 100) // two that come at once can be one to a process
        }),
    })
    // One that has wound down meanwhile and listens no more is ended by the signal itself: 130 to a shell, too.
    expect([130, null]).toContain(code)
    if (code === 130 && !existsSync(join(folder, 'out', 'report.json'))) expect(stderr).toContain(join(folder, 'out'))
    await expect.poll(() => processesWith(folder), {timeout: 10_000}).toEqual([])
  })

  test('killed itself, it leaves no orphan', async () => {
    const folder = await folderFor()
    const {code} = await drillRun({
      folder,
      args: ['--out', 'out', ...SHORT],
      onStart: (child) => void underLoad(folder).then(() => child.kill('SIGKILL')),
    })
    expect(code).toBeNull()
    await expect.poll(() => processesWith(folder), {timeout: 10_000}).toEqual([])
  })

  test('the kill file ends it', async () => {
    const folder = await folderFor()
    const {code} = await drillRun({
      folder,
      args: ['--out', 'out', '--kill-file', 'STOP', ...SHORT],
      onStart: () => void underLoad(folder).then(() => writeFileSync(join(folder, 'STOP'), '')),
    })
    expect(code).toBe(3)
    expect(reportIn(folder)).toMatchObject({status: 'inconclusive', drill: {end: {kind: 'kill-file'}}})
  })
})

describe('what cannot be run is told in one line, and nothing is started', {timeout: 60_000}, () => {
  const cases: readonly {title: string; args: readonly string[]; code: number; message: string}[] = [
    {title: 'no k6', args: ['--k6', './nowhere/k6'], code: 3, message: 'expected a k6, got none'},
    {title: 'too old a k6', args: ['--k6', './old-k6'], code: 3, message: 'expected k6 2.0 or newer, got 1.3.0'},
    {
      title: 'a k6 that does not take the scenario',
      args: ['--k6', './strict-k6'],
      code: 3,
      message: 'k6 2.9.0 does not take the scenario: no such executor',
    },
    {
      title: 'no k6 at all',
      args: ['--k6', './probe.yaml'],
      code: 3,
      message: 'expected a k6, got ./probe.yaml, which may not be run',
    },
    {
      title: 'a factor of 0',
      args: ['--factor', '0'],
      code: 2,
      message: '--factor: expected a number above 0, at most 1000, got "0"',
    },
    {
      title: 'a full disk',
      args: ['--out', '/proc/report'],
      code: 3,
      message: 'expected 100 MB of free disk for the report, got 0 MB',
    },
    {
      title: 'a folder that exists',
      args: ['--out', 'mine'],
      code: 2,
      message: '--out: mine exists, and a report is never written over',
    },
    {
      title: 'a file where a folder should be',
      args: ['--out', 'probe.yaml/report'],
      code: 3,
      message: '--out: cannot make the folder probe.yaml/report (',
    },
    {
      title: 'a kill file',
      args: ['--kill-file', 'probe.yaml'],
      code: 2,
      message: 'the kill file probe.yaml is there: no drill may run',
    },
    {
      title: 'a load of its own',
      args: ['--k6-arg=--vus=5'],
      code: 2,
      message: '--k6-arg: --vus=5 is set by the drill itself',
    },
    {title: 'more than the machine has', args: ['--peak', 'connections=5000000'], code: 3, message: 'this drill needs'},
  ]
  test.each(cases)('$title', async ({args, code, message}) => {
    const folder = await folderFor()
    mkdirSync(join(folder, 'mine'))
    writeFileSync(join(folder, 'old-k6'), '#!/bin/sh\necho "k6 v1.3.0 (go1.25.0, linux/amd64)"\n')
    const said = '{"level":"error","msg":"no such executor"}'
    const strict = `#!/bin/sh\n[ "$1" = version ] && exec echo "k6 v2.9.0 (go1.26.0, linux/amd64)"\necho '${said}' >&2; exit 104\n`
    writeFileSync(join(folder, 'strict-k6'), strict)
    for (const name of ['old-k6', 'strict-k6']) chmodSync(join(folder, name), 0o755)
    const before = readdirSync(folder)
    const result = await drillRun({folder, args})
    expect(result.stderr.split('\n')[0]).toContain(message)
    expect(result.code).toBe(code)
    expect(readdirSync(folder)).toEqual(before)
    expect(readdirSync(join(folder, 'mine'))).toEqual([])
  })

  test('a target beyond this machine that is not on the list', async () => {
    const folder = await folderFor('http://192.0.2.1:3000')
    const {code, stderr} = await drillRun({folder, args: ['--yes']})
    expect(stderr).toMatch(
      /^192\.0\.2\.1 may not be loaded: .*\n {2}write it to probe\.yaml.*"drill: \{allow: \[192\.0\.2\.1\]\}"/,
    )
    expect(code).toBe(2)
  })

  test('one on the list that nobody confirms', async () => {
    const folder = await folderFor('http://chat.example.org', 'drill: {allow: ["*.example.org"]}')
    const {code, stderr} = await drillRun({folder})
    expect(stderr).toMatch(/^expected a confirmation, and nobody can be asked\n {2}give --yes/)
    expect(code).toBe(2)
  })

  test('a target that does not answer', async () => {
    const {port} = await closedTcp()
    const folder = await folderFor(`http://127.0.0.1:${port}`)
    const {code, stderr} = await drillRun({folder})
    expect(stderr).toMatch(/cannot be reached \(ECONNREFUSED\): nothing was loaded/)
    expect(code).toBe(3)
    expect(existsSync(join(folder, 'reports'))).toBe(false)
  })
})
