import {type Json, isJsonObject} from '../core/json.ts'
import {soundsSecret} from '../core/sounds-secret.ts'
import {z} from 'zod'
import type {Path} from './mistake.ts'

/** What a schema says of one place, with the marks (`.meta()`) of everything it is wrapped in. */
export interface Facet extends Marks {
  readonly schema: z.core.$ZodType
}

interface Marks {
  /** The value is a secret: `${ENV}` or `file:PATH`, never a literal. */
  readonly secret: boolean
  /** The mapping is the user's own, and what sounds like a secret in it (a cookie among headers) is one. */
  readonly guarded: boolean
  /** The value may be `file:PATH`, whose content is then meant. */
  readonly file: boolean
}

const unmarked: Marks = {secret: false, guarded: false, file: false}

export interface Leaf {
  readonly path: Path
  readonly value: string | number | boolean | null
  readonly facets: readonly Facet[]
}

/** Every scalar of a document with what the schema says of it: nothing, where the schema knows no such place. */
export function leaves(schema: z.core.$ZodType, document: Json): Leaf[] {
  return leavesBelow(facetsOf(schema), document, [])
}

function leavesBelow(facets: readonly Facet[], value: Json, path: Path): Leaf[] {
  if (value === null || typeof value !== 'object') return [{path, value, facets}]
  const entries: (readonly [string | number, Json])[] = isJsonObject(value)
    ? Object.entries(value)
    : value.map((item, index) => [index, item] as const)
  return entries.flatMap(([step, item]) => leavesBelow(facetsBelow(facets, value, step), item, [...path, step]))
}

/** The names that an object may have at a path, for the one that was meant. */
export function namesAt(schema: z.core.$ZodType, document: Json, path: Path): string[] {
  let facets: readonly Facet[] = facetsOf(schema)
  let value: Json | undefined = document
  for (const step of path) {
    facets = facetsBelow(facets, value, step)
    value = typeof value === 'object' && value !== null ? (value as Record<string | number, Json>)[step] : undefined
  }
  return facets.flatMap(({schema: one}) =>
    one instanceof z.ZodObject && fits(one, value) ? Object.keys(one.shape) : [],
  )
}

/** What a schema says of one member of a value. */
export function facetsBelow(facets: readonly Facet[], value: Json | undefined, step: string | number): Facet[] {
  return facets.flatMap(({schema, guarded}) => {
    const child = childOf(schema, value, step)
    const secret = guarded && typeof step === 'string' && soundsSecret(step)
    return child ? facetsOf(child, {...unmarked, guarded, secret}) : []
  })
}

function childOf(
  schema: z.core.$ZodType,
  value: Json | undefined,
  step: string | number,
): z.core.$ZodType | null | undefined {
  if (schema instanceof z.ZodObject) {
    if (!fits(schema, value)) return undefined
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape
    return Object.hasOwn(shape, step) ? shape[step] : schema.def.catchall
  }
  // By the kind of step: JSON is a list or a mapping of JSON, and to follow both would double with every level.
  if (typeof step === 'string') return schema instanceof z.ZodRecord ? schema.valueType : undefined
  if (schema instanceof z.ZodArray) return schema.element
  if (schema instanceof z.ZodTuple) return schema.def.items[step] ?? schema.def.rest
  return undefined
}

/** Whether a variant of a union is the one that the value names by its literals, such as `probe: http`. */
export function fits(schema: z.ZodObject, value: Json | undefined): boolean {
  return Object.entries(schema.shape).every(([name, field]) => {
    if (!(field instanceof z.ZodLiteral) || !isJsonObject(value) || value[name] === undefined) return true
    return field.values.has(value[name] as string)
  })
}

/** Takes off what a schema is wrapped in, and spreads its alternatives out. */
export function facetsOf(schema: z.core.$ZodType, marks: Marks = unmarked): Facet[] {
  const meta = z.globalRegistry.get(schema)
  const secret = marks.secret || meta?.secret === true
  const marked: Marks = {secret, guarded: marks.guarded || secret, file: marks.file || meta?.file === true}
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => facetsOf(option, marked))
  if (schema instanceof z.ZodPipe) return facetsOf(schema.def.in, marked)
  if (schema instanceof z.ZodLazy) return facetsOf(schema.def.getter(), marked)
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodNonOptional ||
    schema instanceof z.ZodReadonly ||
    schema instanceof z.ZodCatch
  ) {
    return facetsOf(schema.def.innerType, marked)
  }
  return [{schema, ...marked}]
}
