import {describe, expect, test} from 'vitest'
import type {Outcome} from '../../src/core/drill-comparison.ts'
import {comparisonCode} from '../../src/core/exit-code.ts'
import {compareDrills, usualCriteria} from '../../src/drill/compare/compare.ts'
import {differ, quantileInterval, shareInterval, between} from '../../src/drill/compare/interval.ts'
import {refuseOther} from '../../src/drill/compare/refuse-other.ts'
import {drillReport, starved, type DrillStory} from '../fixtures/drill-report.ts'

const compared = (before: DrillStory, after: DrillStory, criteria = usualCriteria) =>
  compareDrills(
    {baseline: {report: drillReport(before), folder: 'before'}, current: {report: drillReport(after), folder: 'after'}},
    criteria,
  )
const outcome = (comparison: ReturnType<typeof compared>, objective: string, figure: string) =>
  comparison.changes.find((change) => change.objective === objective && change.figure === figure)?.outcome

const steady = [100, 101, 99, 100, 102, 98]
const slower = steady.map((value) => value * 1.3)
/** Seconds that differ among themselves as much as the two drills do. */
const restless = Array.from({length: 20}, (_, index) => 60 + 6 * index)
const restlessSlower = restless.map((value) => value * 1.2)

describe('a drill against an earlier one', () => {
  const cases: readonly (readonly [
    title: string,
    before: DrillStory,
    after: DrillStory,
    latency: Outcome,
    errors: Outcome,
  ])[] = [
    ['the same again', {p95: steady}, {p95: steady}, 'noise', 'noise'],
    ['a third slower, second after second', {p95: steady}, {p95: slower}, 'regression', 'noise'],
    ['a third faster', {p95: slower}, {p95: steady}, 'improvement', 'noise'],
    ['9 % slower, and no doubt about it', {p95: steady}, {p95: steady.map((value) => value * 1.09)}, 'small', 'noise'],
    ['20 % slower, where seconds differ by more', {p95: restless}, {p95: restlessSlower}, 'noise', 'noise'],
    ['twice of next to nothing', {p95: [0.4, 0.41, 0.39]}, {p95: [0.8, 0.82, 0.78]}, 'noise', 'noise'],
    ['two errors more in ten thousand', {failed: 2}, {failed: 4}, 'noise', 'noise'],
    ['fifty errors more', {failed: 2}, {failed: 52}, 'noise', 'regression'],
    ['fifty errors fewer', {failed: 52}, {failed: 2}, 'noise', 'improvement'],
    ['a generator that nobody believes', {}, {gates: [starved]}, 'unknown', 'unknown'],
    ['a baseline that nobody believes', {gates: [starved]}, {}, 'unknown', 'unknown'],
  ]
  test.each(cases)('%s', (...[, before, after, latency, errors]) => {
    const comparison = compared(before, after)
    expect(outcome(comparison, 'latency', 'quantile')).toBe(latency)
    expect(outcome(comparison, 'errors', 'share')).toBe(errors)
  })

  test('the gravest outcome is that of all, and the exit code follows it', () => {
    expect(compared({}, {failed: 52}).outcome).toBe('regression')
    expect(compared({p95: slower}, {p95: steady}).outcome).toBe('improvement')
    expect(compared({}, {}).outcome).toBe('noise')
    const outcomes = ['regression', 'unknown', 'improvement', 'small', 'noise'] as const
    expect(outcomes.map(comparisonCode)).toEqual([1, 3, 0, 0, 0])
  })

  test('the criteria can be others', () => {
    const lax = {maxRegression: 0.5, maxDrop: 0.01}
    expect(compared({p95: steady}, {p95: slower}, lax).outcome).toBe('small')
    expect(compared({failed: 2}, {failed: 52}, lax).outcome).toBe('small')
  })

  test('an objective that was measured, and is no longer, is unknown', () => {
    const after = drillReport()
    const without = {...after, verdicts: after.verdicts.filter(({objective}) => objective !== 'errors')}
    const {changes, outcome: all} = compareDrills(
      {baseline: {report: drillReport(), folder: 'a'}, current: {report: without, folder: 'b'}},
      usualCriteria,
    )
    expect(changes[0]).toMatchObject({
      objective: 'errors',
      outcome: 'unknown',
      why: 'this drill has no data that can be believed',
    })
    expect(all).toBe('unknown')
  })

  test('what else was different is told', () => {
    const {notes} = compared({}, {drill: {k6: '2.3.0', targets: ['http://other.example']}})
    expect(notes).toEqual([
      'another target: http://chat.example then, http://other.example now',
      'another k6: 2.2.0 then, 2.3.0 now',
    ])
  })
})

test('two workloads are not compared, and what differs is told', () => {
  const [one, other] = [
    {scenario: 'signaling', 'sockets.sessions': '500'},
    {scenario: 'signaling', 'sockets.sessions': '1000', insecure: 'true'},
  ]
  const refused = () => refuseOther(drillReport({workload: one}).drill, drillReport({workload: other}).drill, 'how')
  expect(refused).toThrow('cannot be compared: sockets.sessions was 500 and is 1000; insecure was absent and is true')
  expect(() => refuseOther(drillReport().drill, drillReport().drill, 'how')).not.toThrow()
})

describe('intervals', () => {
  test('of a share are those of Wilson, wider where the seconds say so', () => {
    const narrow = shareInterval({good: 9990, total: 10_000}, [])
    const wide = shareInterval({good: 9990, total: 10_000}, [1, 1, 0.995, 1, 1, 1])
    expect(narrow.map((end) => Math.round(end * 10_000) / 10_000)).toEqual([0.9982, 0.9995])
    expect(wide[0]).toBeLessThan(narrow[0])
    expect(wide[1]).toBe(1)
  })
  test('of a quantile need samples beyond it', () => {
    const at = between([
      [0, 0],
      [1, 100],
    ])
    expect(quantileInterval({share: 0.95, value: 95, samples: 50}, at, [])).toBeNull()
    const interval = quantileInterval({share: 0.95, value: 95, samples: 1000}, at, [])
    expect(interval?.map(Math.round)).toEqual([94, 96])
  })
  test('that overlap a little still tell two values apart, as the interval of their difference does', () => {
    expect(differ({value: 100, interval: [95, 105]}, {value: 108, interval: [103, 113]})).toBe(true)
    expect(differ({value: 108, interval: [103, 113]}, {value: 100, interval: [95, 105]})).toBe(true)
    expect(differ({value: 100, interval: [95, 105]}, {value: 106, interval: [101, 111]})).toBe(false)
  })
})
