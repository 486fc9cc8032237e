import {z} from 'zod'
import type {Json} from '../core/json.ts'
import {deploymentFields} from './config-schema.ts'
import {isJsonObject, type JsonObject} from './layer.ts'
import {profileFields} from './profile-schema.ts'

export type SchemaKind = 'probe' | 'profile'

/** JSON Schema (2020-12) of `probe.yaml` and of a profile, for editors: from the schemas that judge them. */
export function configJsonSchema(kind: SchemaKind = 'probe'): JsonObject {
  const own = {extends: z.string().min(1).optional().describe('the profile that this one differs from')}
  const fields = kind === 'probe' ? {...profileFields, ...deploymentFields} : {...profileFields, ...own}
  const schema = z.toJSONSchema(z.strictObject(fields), {io: 'input', unrepresentable: 'any'})
  const title = kind === 'probe' ? 'probe.yaml: one deployment' : 'a profile: what is documented of one system'
  return {title, ...(withShortForms(overriding(JSON.parse(JSON.stringify(schema)) as Json)) as JsonObject)}
}

/**
 * What a layer may say: any part of the whole. Nothing is required, since a layer below may have it; null takes away
 * what that one says; and `${ENV}` may stand in every text, whose form is then not known.
 */
function overriding(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map((item: Json) => overriding(item))
  if (!isJsonObject(schema)) return schema
  return Object.fromEntries(
    Object.entries(schema).flatMap(([keyword, value]): [string, Json][] => {
      switch (keyword) {
        case 'required':
        case 'format':
          return Array.isArray(value) || typeof value === 'string' ? [] : [[keyword, overriding(value)]]
        case 'pattern':
          return [[keyword, typeof value === 'string' ? `${value}|\\$\\{` : overriding(value)]]
        case 'propertyNames':
          return [[keyword, value]]
        case 'oneOf': // several variants fit a check that says only its time-out
          return [['anyOf', overriding(value)]]
        case 'additionalProperties':
          return [[keyword, value === false ? value : {anyOf: [overriding(value), {type: 'null'}]}]]
        default:
          return [[keyword, overriding(value)]]
      }
    }),
  )
}

/** A target may be its address alone, a check is switched off by `false`. */
function withShortForms(schema: Json): Json {
  if (!isJsonObject(schema) || !isJsonObject(schema.properties)) return schema
  const {targets, checks} = schema.properties
  const short: JsonObject = {type: ['string', 'array'], items: {type: 'string'}, minItems: 1}
  return {
    ...schema,
    properties: {
      ...schema.properties,
      ...(targets !== undefined && {targets: alsoAllowing(targets, short)}),
      ...(checks !== undefined && {checks: alsoAllowing(checks, {const: false})}),
    },
  }
}

function alsoAllowing(section: Json, form: JsonObject): Json {
  if (!isJsonObject(section) || !isJsonObject(section.additionalProperties)) return section
  const {anyOf} = section.additionalProperties
  return {
    ...section,
    additionalProperties: {anyOf: [...(Array.isArray(anyOf) ? (anyOf as readonly Json[]) : []), form]},
  }
}
