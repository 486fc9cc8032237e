import {expect, test} from 'vitest'
import {callWords, socketWords} from '../../src/core/load-words.ts'
import {progressLine} from '../../src/flags/drill-progress.ts'

const second = {
  ms: 12_000,
  leftMs: 47_300,
  phase: 'steady',
  plannedSockets: 1000,
  openSockets: 998,
  roundTrips: 512,
  connects: 20,
  requests: 0,
  errors: 0.0004,
  within: {slo_latency_target: 0.9876, slo_latency_alert: 1},
  rtt: {p50: 3, p95: 12.3, p99: 40, max: 80},
  cpu: 0.314,
  memoryBytes: 2e8,
}

test('a second of load is a line: the worst promise rounded down, errors rounded up', () => {
  expect(progressLine(second, socketWords, 200)).toBe(
    'steady, 48 s left · 998/1000 sockets · 98.7 % in target · 0.1 % errors · k6 31 % cpu · p95 12.3 ms · 512 round trips/s · 20 connects/s',
  )
})

test('a narrow terminal has the most important, in whole parts', () => {
  expect(progressLine(second, socketWords, 79)).toBe(
    'steady, 48 s left · 998/1000 sockets · 98.7 % in target · 0.1 % errors',
  )
})

test('calls are told in their own words', () => {
  expect(progressLine(second, callWords, 200)).toMatch(
    / · 998\/1000 allocations · .* · 512 packets\/s · 20 new allocations\/s/,
  )
})

test('what was not measured is not told', () => {
  const nothing = {plannedSockets: 0, openSockets: 0, roundTrips: 0, connects: 0, errors: null, cpu: null, within: {}}
  const {ms, leftMs, phase, requests, memoryBytes} = second
  expect(progressLine({ms, leftMs, phase, requests, memoryBytes, ...nothing}, socketWords, 80)).toBe(
    'steady, 48 s left',
  )
})
