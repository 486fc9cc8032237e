import {chmod, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {describe, expect, onTestFinished, test} from 'vitest'
import {findK6} from '../../src/drill/k6/find.ts'
import {generate} from '../../src/drill/k6/generate.ts'
import {startK6, type K6Process} from '../../src/drill/k6/process.ts'
import {supervise} from '../../src/drill/k6/supervise.ts'
import {closing} from '../fixtures/closing.ts'
import {drill, verdictOn} from '../fixtures/drill.ts'
import {silentTcp} from '../fixtures/fault-server.ts'
import {groupIsGone, processesWith} from '../fixtures/processes.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')

async function temporary(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'k6-'))
  onTestFinished(() => rm(folder, {recursive: true, force: true}))
  return folder
}

async function start(script: string): Promise<K6Process & {lines: string[]}> {
  const folder = await temporary()
  const file = join(folder, 'script.js')
  await writeFile(file, script)
  const lines: string[] = []
  const process = startK6(await findK6(k6), {
    args: ['run', '--quiet', '--log-format=json', '--address=127.0.0.1:0', file],
    env: {PATH: '/usr/bin:/bin', HOME: folder, K6_NO_USAGE_REPORT: 'true'},
    cwd: folder,
    onLog: (line) => lines.push(line),
  })
  onTestFinished(() => process.kill())
  return {...process, lines}
}

const never = new AbortController().signal

describe('k6 ends, whatever it is at', {timeout: 60_000}, () => {
  test('a socket closed while it connects makes k6 2.2 hang for ever: it is ended on time, nothing is left, and that is said', async () => {
    const silent = closing(await silentTcp())
    const folder = await temporary()
    const script = join(folder, 'script.js')
    await writeFile(join(folder, 'k6-config.json'), '{}') // as the build lays it beside the scenario
    await writeFile(
      script,
      `import {WebSocket} from 'k6/websockets'
       export const options = {scenarios: {a: {executor: 'per-vu-iterations', vus: 1, iterations: 1, maxDuration: '1s', gracefulStop: '1s'}}}
       export default function () {
         const socket = new WebSocket('ws://127.0.0.1:${silent.port}/')
         setTimeout(() => { console.log('closing'); socket.close() }, 100)
       }`,
    )
    const {end, measured} = await generate({
      k6: await findK6(k6),
      script,
      workload: {schema: 1, scenario: 'hanging', phases: [], bounds: [], userAgent: 'test', insecure: false},
      env: process.env,
      folder,
      durationMs: 1000,
      patience: {slackMs: 7000, graceMs: 2000},
      killFile: join(folder, 'STOP'),
      cores: 1,
      outputs: [],
      extra: [],
      signal: never,
      onPoint: () => {},
    })
    expect(await readFile(join(folder, 'k6.log'), 'utf8')).toContain('closing')
    expect(end).toEqual({
      kind: 'killed',
      message: 'k6 ran on past the end of the drill, ignored the request to end, and was killed',
    })
    expect(measured).toBeUndefined()
    await expect.poll(() => processesWith(folder), {timeout: 10_000}).toEqual([])
  })

  test('one that is asked to end writes what it has, and ends by itself', async () => {
    const process = await start(
      `export const options = {scenarios: {a: {executor: 'constant-vus', vus: 1, duration: '60s'}}}
       export default function () { console.log('working'); return new Promise((done) => setTimeout(done, 100)) }
       export function handleSummary() { return {stderr: 'the summary\\n'} }`,
    )
    const asked = new AbortController()
    const supervised = supervise(process, {limitMs: 50_000, graceMs: 20_000, signal: asked.signal})
    await expect.poll(() => process.lines.join(), {timeout: 20_000}).toContain('working')
    asked.abort()
    expect(await supervised).toMatchObject({killed: false, stopped: 'asked', code: 105})
    expect(process.lines.join()).toContain('the summary')
    expect(await groupIsGone(process.pid)).toBe(true)
  })
})

test('k6 that starts half of its virtual users and reports success is not believed', {timeout: 90_000}, async () => {
  const {report} = await drill(k6, {
    async prepare(folder) {
      const path = join(folder, 'k6')
      // The other half belongs to a runner that is not there.
      await writeFile(
        path,
        `#!/bin/sh\n[ "$1" = run ] && shift && set -- run --execution-segment=0:1/2 "$@"\nexec ${k6} "$@"\n`,
      )
      await chmod(path, 0o755)
      return {k6: path}
    },
  })
  expect(report.drill?.end).toEqual({kind: 'completed'})
  expect(report.drill?.gates.find(({name}) => name === 'vus')).toMatchObject({ok: false})
  expect(verdictOn(report, 'sessions-carried')).toMatchObject({
    status: 'inconclusive',
    why: expect.stringContaining('the generator started 1 of 2 virtual users') as string,
  })
})
