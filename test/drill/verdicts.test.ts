import {chmod, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {drill, goodShare, verdictOn, type DrillCase, type Drilled} from '../fixtures/drill.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')
const MINUTE = 60_000

/** k6 that is stopped again and again, as on a machine that has no time for it. */
async function starved(folder: string): Promise<{k6: string}> {
  const path = join(folder, 'k6')
  const script = `#!/bin/sh
[ "$1" = run ] || exec ${k6} "$@"
${k6} "$@" & k6=$!
trap 'kill -CONT $k6; kill -INT $k6' INT TERM
while kill -STOP $k6 2>/dev/null; do sleep 0.5; kill -CONT $k6; sleep 0.25; done 2>/dev/null
wait $k6
`
  await writeFile(path, script)
  await chmod(path, 0o755)
  return {k6: path}
}

/** Each is a drill of its own; some run side by side, for most of a drill is waiting. */
const cases = {
  healthy: {},
  slow: {faults: {slowEvery: 10, slowMs: 1600}},
  losing: {faults: {loseEvery: 100}},
  refusing: {faults: {maxSockets: 12}},
  freezing: {faults: {freezeAt: 100, freezeMs: 5000}},
  dying: {faults: {dieAt: 100}},
  starving: {prepare: starved, settings: {gates: {lagMs: 200, cpu: 1}}},
  limited: {faults: {maxSockets: 12, refusal: '429 Too Many Requests'}},
} as const satisfies Readonly<Record<string, DrillCase>>

const runs = new Map<string, Promise<Drilled>>()
const AT_ONCE = 4

/** The report of a case; asking for the first begins them all. */
function reportOf(name: keyof typeof cases): Promise<Drilled> {
  if (runs.size === 0) {
    const lanes: Promise<unknown>[] = Array.from({length: AT_ONCE}, () => Promise.resolve())
    for (const [index, [key, one]] of Object.entries(cases).entries()) {
      const run = Promise.resolve(lanes[index % AT_ONCE]).then(() => drill(k6, one))
      lanes[index % AT_ONCE] = run.catch(() => {}) // told by the test that asks for it
      runs.set(key, run)
    }
  }
  return runs.get(name) ?? Promise.reject(new Error(name))
}

describe('a target of known behaviour gets the verdict that it deserves', {timeout: 3 * MINUTE}, () => {
  test('healthy: every promise is kept, and all of the load was carried', async () => {
    const healthy = await reportOf('healthy')
    const {report, files} = healthy
    const read = (file: string) => healthy.read(file)
    const {drill: found} = report
    expect(report.status, read('report.md')).toBe('pass')
    expect(goodShare(verdictOn(report, 'sessions-carried'))).toBeGreaterThan(0.99)
    expect(verdictOn(report, 'latency').bounds[0]?.tally.total).toBeGreaterThan(250)
    expect(found).toMatchObject({scenario: 'signaling', factor: 2, end: {kind: 'completed'}, failures: [], closes: []})
    expect(found?.series.length).toBeGreaterThan(5)
    expect(Math.max(...(found?.series ?? []).map(({openSockets}) => openSockets))).toBe(20)
    expect(found?.series.at(-1)?.openSockets).toBeLessThan(20)
    expect(report.verdicts.map(({source}) => source)).toContain('probe')
    expect(files.toSorted()).toEqual([
      'junit.xml',
      'k6-summary.json',
      'k6.log',
      'report.json',
      'report.md',
      'series.json',
    ])
    expect(schemaErrors(JSON.parse(read('report.json')))).toEqual([])
    expect(read('report.md')).toMatch(/^# drilled: pass\n[^]*\| Round trips in time \| drill \| [^]*generator: healthy/)
  })

  test('a tenth of all answers slow: the latency fails, and the errors do not', async () => {
    const {report} = await reportOf('slow')
    expect(report.status).toBe('fail')
    const latency = verdictOn(report, 'latency')
    expect(latency.status).toBe('fail')
    expect(goodShare(latency)).toBeGreaterThan(0.85)
    expect(goodShare(latency)).toBeLessThan(0.92)
    expect(verdictOn(report, 'errors').status).toBe('pass')
  })

  test('one message in a hundred lost: the errors fail, and the latency does not', async () => {
    const {report} = await reportOf('losing')
    const errors = verdictOn(report, 'errors')
    expect(errors.status).toBe('fail')
    expect(goodShare(errors)).toBeGreaterThan(0.98)
    expect(verdictOn(report, 'latency').status).toBe('pass')
  })

  test('more sockets than it takes: the load was not carried though the generator is healthy, so it fails', async () => {
    const {report} = await reportOf('refusing')
    expect(report.status).toBe('fail')
    expect(verdictOn(report, 'sessions-carried').status).toBe('fail')
    expect(report.drill?.gates.every(({ok}) => ok)).toBe(true)
    expect(report.drill?.refusals[0]).toMatchObject({code: '503'})
    expect(report.drill?.failures[0]).toMatchObject({
      code: 'upgrade_refused',
      message: expect.stringContaining('status 503') as string,
    })
  })

  test('five seconds of silence in the middle: the latency fails', async () => {
    const {report} = await reportOf('freezing')
    expect(verdictOn(report, 'latency').status).toBe('fail')
    expect(report.status).toBe('fail')
  })

  test('a death in the middle: the rail ends the drill, and it fails', async () => {
    const {report} = await reportOf('dying')
    expect(report.drill?.end).toMatchObject({kind: 'aborted'})
    expect(report.status).toBe('fail')
    expect(verdictOn(report, 'sessions-carried').status).toBe('fail')
    expect(report.drill?.failures.map(({code}) => code)).toContain('refused')
    expect(report.drill?.after.some(({status}) => status === 'fail')).toBe(true)
  })

  test('a generator that gets no time: nothing that it measured is believed', async () => {
    const {report} = await reportOf('starving')
    expect(verdictOn(report, 'latency')).toMatchObject({
      status: 'inconclusive',
      why: expect.stringContaining('the generator is not to be believed') as string,
    })
    expect(report.drill?.gates.find(({name}) => name === 'lag')).toMatchObject({ok: false})
  })

  test('a limiter in the way: refusals by limit are no verdict on the system', async () => {
    const {report} = await reportOf('limited')
    expect(verdictOn(report, 'sessions-carried')).toMatchObject({
      status: 'inconclusive',
      why: expect.stringContaining('the limiter refuses this generator') as string,
    })
    expect(report.drill?.refusals[0]).toMatchObject({code: '429'})
  })
})
