import {describe, expect, test} from 'vitest'
import {makeReport, type Report} from '../../src/core/report.ts'
import {json} from '../../src/reporters/json.ts'
import {schemaErrors} from '../fixtures/report-schema.ts'
import {attempt, check, refused, reportOf, reports, run} from '../fixtures/reports.ts'

const names = Object.keys(reports) as (keyof typeof reports)[]

describe.each(names)('a report of %s', (name) => {
  test('keeps to its schema', () => {
    expect(schemaErrors(JSON.parse(json(reports[name])))).toEqual([])
  })
  test('holds all that the report holds', () => {
    expect(JSON.parse(json(reports[name]))).toEqual(reports[name])
  })
})

test('the schema knows every optional part', () => {
  const full = check(
    [
      attempt({
        failure: {...refused, runbook: 'book'},
        phases: [{name: 'echo', ms: 0, state: 'skipped', why: 'the server forbids it'}],
        facts: {a: 1, b: 'two', c: true},
      }),
    ],
    {tags: ['eu'], runbook: 'book'},
  )
  const withDetails = {
    ...full,
    attempts: full.attempts.map((one) => ({...one, details: {grid: [[1, null], {a: true}]}})),
  }
  const verdict = reports.fail.verdicts[0]
  if (!verdict) throw new Error('expected a verdict')
  const estimated = {
    ...verdict,
    bounds: [
      {
        ...verdict.bounds[0],
        share: 1,
        level: 'page',
        severity: 'page',
        tally: {good: 0.5, total: 1, estimated: true},
        interval: [0, 1],
        met: null,
        min: 1,
        max: 2,
        strict: true,
        forMs: 5,
        consecutive: 2,
        runbook: 'x',
      },
    ],
    why: 'why',
    assumed: 'assumed',
    unit: 'ms',
  } as const
  const report: Report = makeReport({run, checks: [withDetails], verdicts: [estimated]}, {})
  expect(schemaErrors(JSON.parse(json(report)))).toEqual([])
})

test.each([
  ['an unknown member', {...reports.pass, extra: 1}],
  ['another version', {...reports.pass, schema: 2}],
  ['an unknown status', {...reports.pass, status: 'ok'}],
  ['a failed attempt without a failure', {...reports.empty, checks: [check([{...attempt(), ok: false} as never])]}],
  ['nothing', {}],
])('the schema refuses %s', (_title, document) => {
  expect(schemaErrors(document)).not.toEqual([])
})

test('the schema knows the document of an error', () => {
  expect(schemaErrors({schema: 1, error: {message: 'no such file', hint: 'see --help', exitCode: 2}})).toEqual([])
})

test('the same report gives the same text, whatever the order in which it was put together', () => {
  const shuffled = JSON.parse(
    JSON.stringify(reports.fail, Object.keys(flat(reports.fail)).toSorted().toReversed()),
  ) as Report
  expect(json(shuffled)).toBe(json(reports.fail))
  expect(json(reports.fail).indexOf('"schema"')).toBeLessThan(json(reports.fail).indexOf('"status"'))
})

test('no character of a target reaches the terminal raw, and none is lost', () => {
  const message = 'a\x1b[31m\x9b31m\x7f\u2028\u202e\ud800"\n'
  const text = json(reportOf({checks: [check([attempt({failure: {...refused, message}})])]}))
  expect(text).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u202e]/)
  expect(text).toContain(String.raw`a\u001b[31m\u009b31m\u007f\u2028\u202e\ud800\"\n`)
})

/** Every key of a document, at any depth, as keys. */
function flat(value: unknown): Record<string, true> {
  if (value === null || typeof value !== 'object') return {}
  const own = Array.isArray(value) ? [] : Object.keys(value).map((key) => [key, true] as const)
  return Object.assign(Object.fromEntries(own), ...Object.values(value).map(flat)) as Record<string, true>
}
