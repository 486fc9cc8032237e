import {expect, test} from 'vitest'
import {exitCodeOf, nagiosCode} from '../../src/core/exit-code.ts'
import type {ExportResult} from '../../src/core/report.ts'
import type {Status} from '../../src/core/status.ts'

const lost = (required: boolean): ExportResult => ({sink: 'pushgateway', ok: false, required, samples: 1})

test.each<[Status, number, number, number]>([
  ['pass', 0, 0, 0],
  ['degraded', 1, 0, 1],
  ['fail', 1, 1, 2],
  ['inconclusive', 3, 3, 3],
  ['skipped', 3, 3, 3],
])('%s exits %d, with --fail-on fail %d, as a Nagios plugin %d', (...[status, code, lenient, nagios]) => {
  expect(exitCodeOf({status, exports: []})).toBe(code)
  expect(exitCodeOf({status, exports: []}, 'fail')).toBe(lenient)
  expect(nagiosCode({status, exports: []})).toBe(nagios)
})

test.each<[Status, boolean, number, number]>([
  ['pass', true, 4, 1],
  ['pass', false, 0, 0],
  ['fail', true, 1, 2],
  ['inconclusive', true, 3, 3],
])('%s with a lost export (required: %s) exits %d, as a Nagios plugin %d', (...[status, required, code, nagios]) => {
  expect(exitCodeOf({status, exports: [lost(required)]})).toBe(code)
  expect(nagiosCode({status, exports: [lost(required)]})).toBe(nagios)
})

test('a degraded run that is let through still tells of a lost required export', () => {
  expect(exitCodeOf({status: 'degraded', exports: [lost(true)]}, 'fail')).toBe(4)
})
