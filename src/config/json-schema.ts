import {z} from 'zod'
import type {Json} from '../core/json.ts'
import {checkSchema} from './check-schema.ts'
import {deploymentFields} from './config-schema.ts'
import {isJsonObject, type JsonObject} from './layer.ts'
import {slug} from './names.ts'
import {profileFields} from './profile-schema.ts'
import {targetSchema} from './target-schema.ts'

export type SchemaKind = 'probe' | 'profile'

/** With the short forms that people write: a target may be its address alone, and `false` switches a check off. */
const checks = z.record(slug, z.union([checkSchema, z.literal(false)])).describe('what is probed, and how')
const {address} = targetSchema.shape
const targets = z.record(slug, z.union([address, targetSchema])).describe('where the endpoints of the profile answer')
const parent = z.string().min(1).describe('the profile that this one differs from')

const written = {
  probe: {title: 'probe.yaml: one deployment', schema: {...profileFields, ...deploymentFields, checks, targets}},
  profile: {title: 'a profile: what is documented of one system', schema: {...profileFields, checks, extends: parent}},
} as const

/** JSON Schema (2020-12) of `probe.yaml` and of a profile, for editors: from the schemas that judge them. */
export function configJsonSchema(kind: SchemaKind = 'probe'): JsonObject {
  const {title, schema} = written[kind]
  const whole = z.toJSONSchema(z.strictObject(schema), {io: 'input', unrepresentable: 'any', reused: 'ref'})
  return {title, ...(overriding(JSON.parse(JSON.stringify(whole)) as Json) as JsonObject)}
}

/**
 * What a layer may say: any part of the whole. Nothing is required, since a layer below may have it; null takes away
 * what that one says; and `${ENV}` may stand in every text, whose form is then not known.
 */
function overriding(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => overriding(item))
  return isJsonObject(schema) ? Object.fromEntries(Object.entries(schema).flatMap(relaxed)) : schema
}

function relaxed([keyword, value]: readonly [string, Json]): (readonly [string, Json])[] {
  switch (keyword) {
    case 'required':
      return Array.isArray(value) ? [] : [[keyword, overriding(value)]] // else a property of that name
    case 'format':
      return typeof value === 'string' ? [] : [[keyword, overriding(value)]]
    case 'pattern':
      return [[keyword, typeof value === 'string' ? `${value}|\\$\\{` : overriding(value)]]
    case 'type':
      return [[keyword, value === 'object' ? ['object', 'null'] : overriding(value)]]
    case 'oneOf': // several variants fit a check that says only its time-out
      return [['anyOf', overriding(value)]]
    case 'propertyNames':
      return [[keyword, value]]
    default:
      return [[keyword, overriding(value)]]
  }
}
