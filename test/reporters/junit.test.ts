import {expect, test} from 'vitest'
import {junit} from '../../src/reporters/junit.ts'
import {check, attempt, hostileReport, objective, reportOf, reports, roundTrips} from '../fixtures/reports.ts'

const names = Object.keys(reports) as (keyof typeof reports)[]

test.each(names)('a report of %s', (name) => {
  expect(junit(reports[name])).toMatchSnapshot()
})

test.each([
  ['fail', {failures: 2, errors: 1, skipped: 1}],
  ['degraded', {failures: 1, errors: 0, skipped: 0}],
  ['inconclusive', {failures: 0, errors: 2, skipped: 0}],
  ['empty', {failures: 0, errors: 1, skipped: 0}],
  ['skipped', {failures: 0, errors: 0, skipped: 1}],
  ['pass', {failures: 0, errors: 0, skipped: 0}],
] as const)('a report of %s counts what it could not measure apart from what is broken', (name, counts) => {
  const text = junit(reports[name])
  for (const [kind, count] of Object.entries(counts)) {
    expect(text).toContain(`${kind}="${count}"`)
    expect(text.match(new RegExp(`<${kind.replace(/s$/, '')}[ >]`, 'g')) ?? []).toHaveLength(count)
  }
})

test('what only shows the load fails no build', () => {
  const session = check([attempt({check: 's', probe: 'signaling', events: roundTrips([900])})], {
    indicators: ['signaling_rtt'],
  })
  const load = objective([{share: 1, max: 1}], {role: 'load', unit: 'ms'})
  const text = junit(reportOf({checks: [session], objectives: [load]}))
  expect(text).toContain('failures="0"')
  expect(text).toContain('<skipped message="shows the load, decides nothing: max')
})

test.each([...names.map((name) => [name, reports[name]] as const), ['hostile', hostileReport] as const])(
  'a report of %s is well-formed XML',
  (_name, report) => {
    expect(unbalanced(junit(report))).toEqual([])
  },
)

/** What is wrong with a document: tags that do not close, markup in text, characters that XML 1.0 (section 2.2) has not. */
function unbalanced(xml: string): string[] {
  const open: string[] = []
  const wrong: string[] = []
  const tag = /<(?:\?xml[^<>?]*\?|(\/?)(\w+)((?: \w+="[^"<>]*")*)(\/?))>|([^<>]+)|(.)/gsu
  for (const [whole, closing, name = '', , alone, text, stray] of xml.matchAll(tag)) {
    if (stray !== undefined) wrong.push(stray)
    else if (closing && open.pop() !== name) wrong.push(whole)
    else if (name && !closing && !alone) open.push(name)
    if ((text ?? whole).replace(/&(amp|lt|gt|quot);/g, '').includes('&')) wrong.push(whole)
  }

  if (/[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/.test(xml) || !xml.isWellFormed()) wrong.push('a character')
  return [...wrong, ...open]
}
