import {readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {parse} from 'yaml'
import {dialectSchema} from '../../src/dialect/schema.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/dialects.md'), 'utf8')
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, text = '']) => text)

test.each(examples)('an example of the documentation is valid: %#', (text) => {
  const {dialect} = parse(text) as {dialect: unknown}
  expect(dialectSchema.safeParse(dialect).error).toBeUndefined()
})
