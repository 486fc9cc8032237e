import {chmod, writeFile} from 'node:fs/promises'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import type {SeriesPoint} from '../../src/core/drill-result.ts'
import {addRunners, addSeries} from '../../src/drill/add-runners.ts'
import type {Generated} from '../../src/drill/generator.ts'
import {drill, verdictOn} from '../fixtures/drill.ts'
import {processesWith} from '../fixtures/processes.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import {need} from '../setup/need.ts'

const k6 = need('k6')

const point = (ms: number, rest: Partial<SeriesPoint> = {}): SeriesPoint => ({
  ms,
  leftMs: 10_000 - ms,
  phase: 'steady',
  plannedSockets: 20,
  openSockets: 10,
  roundTrips: 10,
  connects: 0,
  requests: 0,
  errors: 0,
  within: {},
  cpu: 0.2,
  memoryBytes: 100,
  ...rest,
})

const runner = (rest: Partial<Generated>): Generated => ({
  end: {kind: 'completed'},
  startedAt: 1000,
  measured: undefined,
  series: [],
  fds: undefined,
  exceptions: 0,
  failures: {},
  ...rest,
})

describe('what several runners measured', () => {
  const two = [
    runner({
      startedAt: 1010,
      fds: {open: 90, max: 100},
      failures: {timeout: 'the first of them'},
      measured: {
        rate: (name) => (name === 'a' ? {good: 9, total: 10} : undefined),
        counter: () => 5,
        trend: (name) => (name === 'rtt' ? {count: 30, min: 1, avg: 2, max: 9, 'p(99)': 8} : undefined),
      },
    }),
    runner({
      fds: {open: 95, max: 1000},
      exceptions: 2,
      failures: {timeout: 'the second', reset: 'reset'},
      measured: {
        rate: () => ({good: 10, total: 10}),
        counter: () => 7,
        trend: (name) => (name === 'rtt' ? {count: 10, min: 0.5, avg: 4, max: 7, 'p(99)': 7} : undefined),
      },
    }),
  ]
  const {measured, ...all} = addRunners(two, {kind: 'completed'})

  test('events add up, and what one of them did not count is no zero', () => {
    expect(measured?.rate('a')).toEqual({good: 19, total: 20})
    expect(measured?.rate('b')).toBeUndefined()
    expect(measured?.counter('c')).toBe(12)
  })

  test('percentiles are told by the worst, and as a range', () => {
    expect(measured?.trend('rtt')).toEqual({count: 40, min: 0.5, avg: 2.5, max: 9, 'p(99)': 8})
    expect(measured?.ranges?.('rtt')).toMatchObject({'p(99)': [7, 8], max: [7, 9]})
    expect(measured?.trend('none')).toBeUndefined()
  })

  test('the one that is nearest to its limits counts', () => {
    expect(all).toMatchObject({startedAt: 1000, exceptions: 2, fds: {open: 90, max: 100}})
    expect(all.failures).toEqual({timeout: 'the first of them', reset: 'reset'})
  })

  test('a second of the series is the sum of those of all, whoever is some milliseconds late', () => {
    const series = addSeries([
      [point(1000, {within: {slo: 1}}), point(2001)],
      [point(1040, {roundTrips: 30, errors: 0.4, within: {slo: 0.6}}), point(1990, {cpu: null})],
    ])
    expect(series.map(({roundTrips}) => roundTrips)).toEqual([40, 20])
    expect(series[0]).toMatchObject({openSockets: 20, plannedSockets: 20, cpu: 0.4, memoryBytes: 200})
    expect(series[0]?.errors).toBeCloseTo(0.3)
    expect(series[0]?.within.slo).toBeCloseTo(0.7)
    expect(series[1]?.cpu).toBe(0.2)
  })

  test('one that is late by more than that holds meanwhile what it held', () => {
    const steady = [1, 2, 3, 4].map((second) => point(second * 1000))
    const late = [point(1480), point(3520), point(3600), point(4500)]
    const series = addSeries([steady, late])
    expect(series.map(({openSockets}) => openSockets)).toEqual([20, 20, 20, 20])
    expect(series.map(({roundTrips}) => roundTrips)).toEqual([20, 10, 30, 20])
  })
})

describe('processes side by side', {timeout: 120_000}, () => {
  test('two of them make the load of one, and are judged as one', async () => {
    const own = {outputs: ['json=samples.json'], extra: ['--tag=place=here']}
    const [one, two] = await Promise.all([
      drill(k6, {settings: own}),
      drill(k6, {settings: own, wishes: {processes: 2}}),
    ])
    const counted = ({report: {drill}}: typeof one) => ({
      trips: drill?.phases.find(({judged}) => judged)?.rates.load_carried?.total ?? 0,
      dialled: drill?.funnel[0]?.clients ?? 0,
      sockets: Math.max(...(drill?.series ?? []).map(({openSockets}) => openSockets)),
    })
    expect(two.report.status, two.read('report.md')).toBe('pass')
    expect(two.report.drill?.generator.processes).toBe(2)
    // The timetable is the same for both; a slot at the edge of a phase may fall to either side of it.
    expect(Math.abs(counted(two).trips - counted(one).trips)).toBeLessThanOrEqual(10)
    expect(counted(two)).toMatchObject({dialled: counted(one).dialled, sockets: 20})
    expect(two.report.drill?.gates.find(({name}) => name === 'vus')?.message).toContain('2 of 2 virtual users')
    const steady = two.report.drill?.phases.find(({judged}) => judged)
    const [low = 0, high = 0] = steady?.ranges?.rtt_ms?.['p(99)'] ?? []
    expect(low).toBeGreaterThan(0)
    expect(steady?.trends.rtt_ms?.['p(99)']).toBe(high)
    // What the user adds to k6's outputs and arguments reaches it, by the names of the documentation.
    const samples = one.read('samples.json')
    expect(samples).toMatch(/"metric":"slo_latency_target_events".*"phase":"steady","place":"here"/)
    expect(samples).toMatch(/"metric":"open_sockets".*"place":"here"/)
    expect(samples).not.toContain('"process":')
    for (const process of ['1', '2']) {
      const own = two.read(`process-${process}/samples.json`)
      expect(own).toMatch(new RegExp(`"metric":"rtt_ms".*"place":"here","process":"${process}"`))
    }
    expect(two.files).toEqual(expect.arrayContaining(['process-1/k6-summary.json', 'process-2/k6-summary.json']))
    expect(schemaErrors(JSON.parse(two.read('report.json')))).toEqual([])
  })

  test('one that dies ends the other, and nobody is judged by half of a load', async () => {
    let place = ''
    const {report} = await drill(k6, {
      wishes: {processes: 2},
      async prepare(folder) {
        place = folder
        const path = join(folder, 'k6')
        // The second is killed when it has worked for some seconds.
        await writeFile(
          path,
          `#!/bin/sh\ncase "$*" in *--execution-segment=1/2:1*) (sleep 4; kill -9 $$) & ;; esac\nexec ${k6} "$@"\n`,
        )
        await chmod(path, 0o755)
        return {k6: path}
      },
    })
    expect(report.drill?.end).toEqual({kind: 'crashed', message: 'process 2 of 2: k6 was ended by SIGKILL'})
    expect(verdictOn(report, 'errors').status).toBe('inconclusive')
    expect(verdictOn(report, 'errors').why).toContain('process 2 of 2')
    await expect.poll(() => processesWith(place), {timeout: 10_000}).toEqual([])
  })
})
