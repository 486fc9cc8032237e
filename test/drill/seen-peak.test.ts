import {describe, expect, test} from 'vitest'
import {UserError} from '../../src/core/errors.ts'
import type {Objective} from '../../src/core/objective.ts'
import {seenPeak} from '../../src/drill/seen-peak.ts'
import {prometheusAt} from '../../src/slo/prometheus/prometheus.ts'
import {closing} from '../fixtures/closing.ts'
import {END, startPrometheusWith} from '../fixtures/prometheus-past.ts'
import {need} from '../setup/need.ts'

need('prometheus')
const HOUR = 3_600_000

/** Seven hundred sockets once, for ten minutes, nine hours before the end; three hundred at all other times. */
async function remembering(): Promise<ReturnType<typeof prometheusAt>> {
  const at = (before: number) => (before > 9 * HOUR - 600_000 && before <= 9 * HOUR ? 700 : 300)
  const past = {lengthMs: 24 * HOUR, stepMs: 60_000, series: [{name: 'sockets', at}]}
  const {url} = closing(await startPrometheusWith(past))
  const prometheus = prometheusAt({address: url, headers: {}, timeoutMs: 10_000}, new AbortController().signal)
  const isReady = () =>
    prometheus.instant('1').then(
      () => true,
      () => false,
    )
  await expect.poll(isReady, {timeout: 20_000}).toBe(true)
  return prometheus
}

const connections: Objective = {
  id: 'connections',
  indicator: 'active_connections',
  sources: ['prometheus'],
  kind: 'slices',
  role: 'load',
  bounds: [],
  minEvents: 1,
  prometheus: {level: 'sum(sockets)', unit: 'count'},
}

describe('the highest load that Prometheus has seen', {timeout: 60_000}, () => {
  test('is found with its time, by the query of the peak or of an objective on load', async () => {
    const prometheus = await remembering()
    const window = {to: END, overMs: 23 * HOUR}
    const peak = {query: 'max_over_time(sum(sockets)[7d:5m])', query_of: 'messages_per_second'} as const
    const seen = await seenPeak(prometheus, {peak, objectives: [connections]}, window)
    expect(seen.connections?.value).toBe(700)
    expect(seen.connections?.source).toMatch(/^seen 2026-03-02T03:\d\d:00Z$/)
    expect(seen.messages_per_second).toEqual(seen.connections)
  })

  test('before the time that is looked at, it does not count', async () => {
    const prometheus = await remembering()
    const seen = await seenPeak(prometheus, {peak: {}, objectives: [connections]}, {to: END, overMs: HOUR})
    expect(seen.connections?.value).toBe(300)
  })

  test('without a query, or without any load, the operator is told', async () => {
    const prometheus = await remembering()
    const window = {to: END, overMs: HOUR}
    await expect(seenPeak(prometheus, {peak: {}, objectives: []}, window)).rejects.toThrow(/has no query for its load/)
    const nowhere = {query: 'sum(nothing)', query_of: 'connections'} as const
    const refused = seenPeak(prometheus, {peak: nowhere, objectives: []}, window)
    await expect(refused).rejects.toBeInstanceOf(UserError)
    await expect(refused).rejects.toThrow(/has seen no load in this time/)
    const endless = {query: 'sum(sockets) / 0', query_of: 'connections'} as const
    await expect(seenPeak(prometheus, {peak: endless, objectives: []}, window)).rejects.toThrow(/has seen no load/)
  })
})
