import {stripVTControlCharacters} from 'node:util'
import {describe, expect, test} from 'vitest'
import type {Bound} from '../../src/core/objective.ts'
import {table} from '../../src/reporters/table/table.ts'
import {attempt, check, hostileReport, objective, refused, reportOf, reports, roundTrips} from '../fixtures/reports.ts'

const names = Object.keys(reports) as (keyof typeof reports)[]
const lines = (text: string) => text.split('\n')

test.each(names)('a report of %s as plain text', (name) => {
  expect(table(reports[name])).toMatchSnapshot()
})

test('on a terminal of 80 columns, in frames', () => {
  expect(stripVTControlCharacters(table(reports.fail, {width: 80, color: true}))).toMatchSnapshot()
})

test('on a terminal of 80 columns without colours', () => {
  expect(table(reports.fail, {width: 80})).toMatchSnapshot()
})

describe('without a terminal', () => {
  test('every verdict is one line, for grep', () => {
    const rows = lines(table(reports.fail)).filter((line) => /^turn-udp @ \S+ +(FAIL|pass) /.test(line))
    expect(rows).toHaveLength(2)
  })
  test('nothing is coloured and no line ends in blanks', () => {
    for (const name of names) {
      const text = table(reports[name])
      expect(text).toBe(stripVTControlCharacters(text))
      expect(text).not.toMatch(/[ \t]$/m)
    }
  })
})

describe('a row that adds nothing is left out', () => {
  const kept = objective([{share: 0.5}])
  const rowsIn = (report: Parameters<typeof table>[0]) =>
    lines(table(report)).filter((line) => line.includes(' all attempts good') && !line.startsWith(' '))
  const done = attempt({
    events: [
      {indicator: 'signaling_rtt', ok: true, value: 1},
      {indicator: 'attempt', ok: true},
    ],
  })
  const indicators = ['signaling_rtt', 'match_latency']

  test('the implicit objective, where a named one came out alike', () => {
    expect(rowsIn(reportOf({checks: [check([done], {indicators})], objectives: [kept]}))).toEqual([])
  })
  test('but not where it says something else', () => {
    const undone = attempt({
      failure: refused,
      events: [
        {indicator: 'signaling_rtt', ok: true, value: 1},
        {indicator: 'attempt', ok: false},
      ],
    })
    expect(rowsIn(reportOf({checks: [check([undone], {indicators})], objectives: [kept]}))).toHaveLength(1)
  })
  test('the objectives of a check that was skipped, but for one', () => {
    const report = reportOf({checks: [check([], {indicators, skipped: 'blocked by health'})], objectives: [kept]})
    expect(report.verdicts).toHaveLength(2)
    expect(lines(table(report)).filter((line) => line.includes('blocked by health'))).toHaveLength(1)
  })
})

describe('on a terminal', () => {
  test.each([60, 80, 100, 200])('of %d columns no row is wider', (width) => {
    const inTable = (line: string) => /^[┌├└│]/.test(line)
    const rows = lines(stripVTControlCharacters(table(reports.fail, {width, color: true}))).filter(inTable)
    expect(rows.length).toBeGreaterThan(5)
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(width)
  })
  test('colours only repeat what words say', () => {
    const plain = stripVTControlCharacters(table(reports.fail, {width: 200, color: true}))
    for (const word of ['FAIL', 'DEGRADED', 'pass', 'skipped', 'network']) expect(plain).toContain(word)
  })
  test('without Unicode there is nothing but ASCII', () => {
    for (const report of [reports.fail, hostileReport]) {
      for (const color of [true, false]) {
        expect(stripVTControlCharacters(table(report, {width: 80, color, unicode: false}))).toMatch(/^[\x00-\x7f]*$/)
      }
    }
  })
})

describe('whoever is woken at three', () => {
  const [first = ''] = lines(table(reports.fail))
  test('reads what broke and the runbook in the first line', () => {
    expect(first).toContain('FAIL  video-chat: turn-udp @ turn:10.0.0.2:3478')
    expect(first).toContain('network (connect): connection refused')
    expect(first).toContain('runbook "Low ICE Connection Success"')
  })
  test('reads the worst row first, and the verdict last', () => {
    const [row = ''] = lines(table(reports.fail)).slice(3)
    expect(row).toContain('FAIL')
    expect(lines(table(reports.fail)).at(-1)).toMatch(/^verdict: fail \(5 objectives on 5 checks, 1 fail, /)
  })
  test('reads one trouble once, however many objectives it breaks', () => {
    const dead = check(
      [
        attempt({
          check: 'signaling',
          probe: 'signaling',
          failure: refused,
          events: [...roundTrips([], 2), {indicator: 'match', ok: false}],
        }),
      ],
      {indicators: ['signaling_rtt', 'match']},
    )
    const both = [objective([{}]), objective([{}], {id: 'match', title: 'match-latency', indicator: 'match'})]
    const text = table(reportOf({checks: [dead], objectives: both}))
    expect(text.match(/cause:/g)).toHaveLength(1)
    expect(text).toContain('missed:  signaling-latency (degraded), match-latency (degraded)')
  })
})

describe('what was measured', () => {
  const cell = (values: readonly number[], lost: number, bound: Partial<Bound>) => {
    const session = check([attempt({check: 's', probe: 'signaling', events: roundTrips(values, lost)})], {
      indicators: ['signaling_rtt'],
    })
    const text = table(reportOf({checks: [session], objectives: [objective([bound], {unit: 'ms', title: 'x'})]}))
    return /x: (.*?) {2,}/.exec(text)?.[1]
  }
  test.each([
    ['a latency that is kept', [10, 12.34], 0, {max: 200, strict: true}, 'p95 12.3 ms < 200 ms'],
    ['a latency that is missed', [10, 812], 0, {max: 200, strict: true}, 'p95 812 ms, not < 200 ms'],
    ['a latency at an inclusive limit', [200], 0, {max: 200}, 'p95 200 ms <= 200 ms'],
    ['lost events that no quantile shows', [1, 1], 2, {max: 200}, '50 % <= 200 ms, not 95 %'],
    ['events that all got lost', [], 2, {max: 200}, '0 % <= 200 ms, not 95 %'],
    ['a ratio that is kept', [1, 1], 0, {}, '100 % >= 95 %'],
    ['a ratio under a strict sign', [1, 1], 0, {strict: true}, '100 % > 95 %'],
    ['a ratio that is missed', [1], 1, {}, '50 %, not >= 95 %'],
    [
      'a ratio just below never reads as the promise',
      Array.from({length: 94_999}, () => 1),
      5001,
      {},
      '94.99 %, not >= 95 %',
    ],
    ['bad events running', [1], 2, {consecutive: 2}, '2 bad running, not fewer than 2'],
    ['a range', [42], 0, {min: 20, max: 60}, '100 % within 20 ms and 60 ms, promised 95 %'],
    ['a lower end', [42], 0, {min: 20}, '100 % >= 20 ms, promised 95 %'],
  ])('%s', (...[, values, lost, bound, text]) => {
    expect(cell(values, lost, bound)).toBe(text)
  })
})

test('what a hostile target says stays on its line and moves no cursor', () => {
  for (const options of [{}, {width: 80, color: true}]) {
    const text = table(hostileReport, options)

    expect(stripVTControlCharacters(text)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    expect(text.isWellFormed()).toBe(true)
  }
  expect(table(hostileReport)).toMatchSnapshot()
})
