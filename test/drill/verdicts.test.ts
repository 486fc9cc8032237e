import {describe, expect, test} from 'vitest'
import {goodShare, verdictOn, type Drilled} from '../fixtures/drill.ts'
import {wrongIn} from '../fixtures/known-case.ts'
import {knownTargets, type KnownTarget} from '../fixtures/known-targets.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import {need} from '../setup/need.ts'

const targets = knownTargets(need('k6'))
const MINUTE = 60_000

const runs = new Map<string, Promise<Drilled>>()
const AT_ONCE = 4

/** The drill of a target, with the right verdicts; asking for the first begins them all, for most of a drill is waiting. */
async function drilled(name: KnownTarget): Promise<Drilled> {
  if (runs.size === 0) {
    const lanes: Promise<unknown>[] = Array.from({length: AT_ONCE}, () => Promise.resolve())
    for (const [index, [key, one]] of Object.entries(targets).entries()) {
      const run = Promise.resolve(lanes[index % AT_ONCE]).then(() => one.run())
      lanes[index % AT_ONCE] = run.catch(() => {}) // told by the test that asks for it
      runs.set(key, run)
    }
  }
  const found = await (runs.get(name) ?? Promise.reject(new Error(name)))
  expect(wrongIn(found.report, targets[name].deserves), found.read('report.md')).toEqual([])
  return found
}

describe('a target of known behaviour gets the verdict that it deserves', {timeout: 3 * MINUTE}, () => {
  test('healthy: every promise is kept, and all of the load was carried', async () => {
    const {report, files, read} = await drilled('healthy')
    const {drill: found} = report
    expect(goodShare(verdictOn(report, 'sessions-carried'))).toBeGreaterThan(0.99)
    expect(verdictOn(report, 'latency').bounds[0]?.tally.total).toBeGreaterThan(250)
    expect(found).toMatchObject({scenario: 'signaling', factor: 2, failures: [], closes: []})
    expect(found?.series.length).toBeGreaterThan(5)
    expect(Math.max(...(found?.series ?? []).map(({openSockets}) => openSockets))).toBe(20)
    expect(found?.series.at(-1)?.openSockets).toBeLessThan(20)
    expect(report.verdicts.map(({source}) => source)).toContain('probe')
    expect(files.toSorted()).toEqual([
      'junit.xml',
      'k6-summary.json',
      'k6.log',
      'report.html',
      'report.json',
      'report.md',
      'series.json',
    ])
    expect(schemaErrors(JSON.parse(read('report.json')))).toEqual([])
    expect(read('report.md')).toMatch(/^# drilled: pass\n[^]*\| Round trips in time \| drill \| [^]*generator: healthy/)
  })

  test('a tenth of all answers slow: the latency fails, and the errors do not', async () => {
    const {report} = await drilled('slow')
    expect(goodShare(verdictOn(report, 'latency'))).toBeGreaterThan(0.85)
    expect(goodShare(verdictOn(report, 'latency'))).toBeLessThan(0.92)
  })

  test('one message in a hundred lost: the errors fail, and the latency does not', async () => {
    const {report} = await drilled('losing')
    expect(goodShare(verdictOn(report, 'errors'))).toBeGreaterThan(0.98)
  })

  test('more sockets than it takes: the load was not carried though the generator is healthy, so it fails', async () => {
    const {report} = await drilled('refusing')
    expect(report.drill?.refusals[0]).toMatchObject({code: '503'})
    expect(report.drill?.failures[0]).toMatchObject({
      code: 'upgrade_refused',
      message: expect.stringContaining('status 503') as string,
    })
  })

  test('five seconds of silence in the middle: the latency fails', async () => {
    const {report} = await drilled('freezing')
    expect(goodShare(verdictOn(report, 'latency'))).toBeLessThan(0.8)
  })

  test('a death in the middle: the rail ends the drill, and it fails', async () => {
    const {report} = await drilled('dying')
    expect(report.drill?.failures.map(({code}) => code)).toContain('refused')
    expect(report.drill?.after.some(({status}) => status === 'fail')).toBe(true)
  })

  test('a generator that gets no time: nothing that it measured is believed', async () => {
    const {report} = await drilled('starving')
    expect(verdictOn(report, 'latency').why).toContain('the generator is not to be believed')
    expect(report.drill?.gates.find(({name}) => name === 'lag')).toMatchObject({ok: false})
  })

  test('a limiter in the way: refusals by limit are no verdict on the system', async () => {
    const {report} = await drilled('limited')
    expect(verdictOn(report, 'sessions-carried').why).toContain('the limiter refuses this generator')
    expect(report.drill?.refusals[0]).toMatchObject({code: '429'})
  })
})
