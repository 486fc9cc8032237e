import {expect, test} from 'vitest'
import {failureCodes} from '../../src/core/failure.ts'

test('every code is one lower-case word, for labels and alert rules', () => {
  for (const code of failureCodes) expect(code).toMatch(/^[a-z][a-z0-9_]*$/)
})
