import fc from 'fast-check'
import {expect, test} from 'vitest'
import {stringify} from 'yaml'
import {UserError} from '../../src/core/errors.ts'
import {loadDialect} from '../../src/config/load-dialect.ts'
import {loadPlan} from '../../src/config/plan.ts'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {configFolder} from '../fixtures/config-folder.ts'
import {smallProfile} from '../fixtures/small-profile.ts'

const sections = ['profile', 'instance', 'targets', 'checks', 'objectives', 'sinks', 'reference', 'dialect', 'routing']
const names = [
  'health',
  'turn',
  'backend',
  'latency',
  'address',
  'probe',
  'target',
  'needs',
  'max',
  'pushgateway',
  'url',
]
const word = fc.constantFrom(...names, ...sections, '__proto__', 'http', '${X}', '${X', 'file:x', 'http://a@b?c=d', '')
const {anything} = fc.letrec((tie) => ({
  anything: fc.oneof(
    {maxDepth: 4, depthSize: 'medium'},
    word,
    fc.constantFrom(null, false, 0, -1, 1e308),
    fc.array(tie('anything'), {maxLength: 3}),
    fc.dictionary(word, tie('anything'), {maxKeys: 4}),
  ),
}))
const anyConfig = fc.dictionary(fc.constantFrom(...sections, 'zzz'), anything, {maxKeys: 6})

/** Whatever stands in a file, the answer is a plan or an error for people. */
async function answers(folder: string, text: string): Promise<void> {
  writeFileSync(join(folder, 'probe.yaml'), text)
  const env = {PROBE_TARGET_BACKEND: 'http://127.0.0.1:1'}
  await loadPlan({flags: {profile: './small.yaml'}, env, cwd: folder}).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error
  })
}

test('no document crashes the reading of a configuration', async () => {
  const folder = configFolder({'small.yaml': smallProfile})
  const property = fc.asyncProperty(anyConfig, (config) => answers(folder, stringify(config)))
  await fc.assert(property, {numRuns: 300})
})

test('no damaged file crashes it either', async () => {
  const folder = configFolder({'small.yaml': smallProfile})
  const damage = fc.record({at: fc.nat(smallProfile.length), length: fc.nat(30), instead: fc.string({maxLength: 5})})
  const property = fc.asyncProperty(damage, ({at, length, instead}) =>
    answers(folder, smallProfile.slice(0, at) + instead + smallProfile.slice(at + length)),
  )
  await fc.assert(property, {numRuns: 300})
})

test('JSON in a dialect may be nested as deep as YAML lets it', async () => {
  const nested = `${'['.repeat(200)}${']'.repeat(200)}`
  const folder = configFolder({
    'deep.yaml': `{transport: {kind: ws}, roundTrip: {kind: ping}, values: {deep: ${nested}}}`,
  })
  const {dialect} = await loadDialect({dialect: './deep.yaml'}, {cwd: folder, env: {}})
  expect(JSON.stringify(dialect.values)).toBe(`{"deep":${nested}}`)
})

test('a file without an end is too large', async () => {
  const loading = loadDialect({dialect: '/dev/zero'}, {cwd: '/', env: {}})
  await expect(loading).rejects.toThrow('expected at most 1000000 bytes, got more for /dev/zero')
})
