import {readdirSync, readFileSync} from 'node:fs'
import {Ajv2020} from 'ajv/dist/2020.js'
import {describe, expect, test} from 'vitest'
import {parse} from 'yaml'
import {configJsonSchema, schemaKinds, type SchemaKind} from '../../src/config/json-schema.ts'
import {smallProfile} from '../fixtures/small-profile.ts'

const compiler = new Ajv2020({strict: false})
const validators = {
  probe: compiler.compile(configJsonSchema('probe')),
  profile: compiler.compile(configJsonSchema('profile')),
  dialect: compiler.compile(configJsonSchema('dialect')),
}

function accepts(kind: SchemaKind, yaml: string): boolean {
  return validators[kind](parse(yaml))
}

describe.each(schemaKinds)('the JSON Schema of %s', (kind) => {
  test('is the one in schemas/ (vitest -u writes it anew)', async () => {
    const text = `${JSON.stringify(configJsonSchema(kind), null, 2)}\n`
    await expect(text).toMatchFileSnapshot(`../../schemas/${kind}.schema.json`)
  })

  test('describes every field that people write', () => {
    const {properties} = configJsonSchema(kind) as {properties: Record<string, {description?: string; $ref?: string}>}
    const silent = Object.entries(properties).filter(([, {description, $ref}]) => !description && !$ref)
    expect(silent).toEqual([])
  })
})

test('the built-in profiles and dialects, and a small profile, pass', () => {
  for (const file of readdirSync('profiles'))
    expect(accepts('profile', readFileSync(`profiles/${file}`, 'utf8')), file).toBe(true)
  for (const file of readdirSync('dialects'))
    expect(accepts('dialect', readFileSync(`dialects/${file}`, 'utf8')), file).toBe(true)
  expect(accepts('profile', smallProfile)).toBe(true)
  expect(accepts('profile', 'extends: video-chat\nobjectives: {match-latency: null}')).toBe(true)
})

test.each([
  'profile: video-chat\ntargets: {backend: "https://chat.example.org", turn: [turn:a, turn:b]}',
  'targets: {turn: {address: "turn:a", credentials: {secret: "${SECRET}"}, family: 4}}',
  'checks: {health: {timeout: 3s}, signaling: false, turn: null}',
  'checks: {own: {probe: http, target: backend, path: /x}}',
  'objectives: {signaling-latency: {target: {max: 150}, alert: null}}',
  'instance: ${NAME}\nsinks: {pushgateway: {url: "${GATEWAY}", required: true}}',
])('an editor accepts %j', (yaml) => {
  expect(accepts('probe', yaml)).toBe(true)
})

test.each([
  'target: {}',
  'checks: {health: {tiemout: 3s}}',
  'checks: {health: {probe: gopher}}',
  'checks: {health: {probe: http, packets: 5}}',
  'objectives: {signaling-latency: {target: {share: 95}}}',
  'targets: {backend: 5}',
])('an editor marks %j', (yaml) => {
  expect(accepts('probe', yaml)).toBe(false)
})
