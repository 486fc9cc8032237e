import {expect, test} from 'vitest'
import {loadReporter, reporterNames} from '../../src/reporters/index.ts'
import {reports} from '../fixtures/reports.ts'

test.each([...reporterNames])('%s tells every report, and the same one always in the same way', async (name) => {
  const reporter = await loadReporter(name)
  for (const report of Object.values(reports)) {
    expect(reporter(report)).not.toBe('')
    expect(reporter(report)).not.toMatch(/\n$/)
    expect(reporter(report)).toBe(reporter(structuredClone(report)))
  }
})
