import {type Json, type JsonObject, isJsonObject} from '../core/json.ts'
import {z} from 'zod'
import {dialectSchema} from '../dialect/schema.ts'
import {checkSchema} from './check-schema.ts'
import {deploymentFields} from './config-schema.ts'
import {slug} from './names.ts'
import {profileFields} from './profile-schema.ts'
import {targetSchema} from './target-schema.ts'

export type SchemaKind = keyof typeof written

/** With the short forms that people write: a target may be its address alone, and `false` switches a check off. */
const checks = z.record(slug, z.union([checkSchema, z.literal(false)])).describe('what is probed, and how')
const {address} = targetSchema.shape
const targets = z.record(slug, z.union([address, targetSchema])).describe('where the endpoints of the profile answer')
const parent = z.string().min(1)
const dialectFields = {
  ...dialectSchema.shape,
  extends: parent.describe('the dialect that this one differs from: a built-in one, or a file'),
}
const dialect = z
  .union([parent, z.strictObject(dialectFields)])
  .describe('how its signaling server is spoken to: the name of a dialect, a file, or what is said')

const written = {
  probe: {
    title: 'probe.yaml: one deployment',
    schema: {...profileFields, ...deploymentFields, checks, targets, dialect},
  },
  profile: {
    title: 'a profile: what is documented of one system',
    schema: {...profileFields, checks, dialect, extends: parent.describe('the profile that this one differs from')},
  },
  dialect: {
    title: 'a dialect: how a signaling server is spoken to',
    schema: {...dialectFields, title: z.string().min(1).describe('what speaks it, in one line')},
  },
} as const

/** Every kind of file that people write. */
export const schemaKinds = Object.keys(written) as readonly SchemaKind[]

/** JSON Schema (2020-12) of `probe.yaml`, of a profile or of a dialect, for editors: from the schemas that judge them. */
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
