import type {JsonObject} from '../core/json.ts'
import {z} from 'zod'
import {redactText} from '../core/redact.ts'
import {lintDialect} from '../dialect/lint.ts'
import {dialectSchema, type Dialect} from '../dialect/schema.ts'
import {dialectLayers} from './dialects.ts'
import {explain, type Explanation} from './explain.ts'
import {locate, type Layer} from './layer.ts'
import type {ConfigRequest} from './layers.ts'
import {mergeLayers} from './merge.ts'
import {ConfigError, type Mistake} from './mistake.ts'
import {resolveReferences, type ResolveOptions} from './references.ts'
import {profileLayers} from './show-profile.ts'

/** A dialect in which nothing is wrong, with the secrets that came into it from outside. */
export interface LoadedDialect {
  readonly dialect: Dialect
  /** As it is written, references filled in: what a probe's own schema is given. */
  readonly settings: JsonObject
  readonly secrets: readonly string[]
}

/** Where a dialect is: in a file of its own (or built in, by name), or in a profile. */
export type DialectSource = {readonly dialect: string} | {readonly profile: string}

type Request = Pick<ConfigRequest, 'cwd' | 'env'> & Pick<ResolveOptions, 'standIn'>

const PLACE = 'dialect'
/** Alone, a dialect stands where it stands in a profile: every mistake is located in one way. */
const holder = z.strictObject({[PLACE]: dialectSchema})

/** Reads a dialect and finds everything that is wrong with it without a server. All its mistakes come in one ConfigError. */
export async function loadDialect(source: DialectSource, {standIn, ...request}: Request): Promise<LoadedDialect> {
  const layers = await layersOf(source, request)
  const written = mergeLayers(layers, holder)
  const options = {layers, schema: holder, env: request.env, ...(standIn !== undefined && {standIn})}
  const {value, secrets, mistakes} = await resolveReferences(written, options)
  const {data, error} = holder.safeParse(value)
  const found = data
    ? lintDialect(data.dialect).map(({path, message}): Explanation => ({path: [PLACE, ...path], message, at: 'key'}))
    : error.issues.flatMap((issue) => explain(issue, {schema: holder, document: value, written}))
  const located = found
    .map((one) => blame(layers, {...one, message: redactText(one.message, secrets)}))
    .filter(({path}) => !mistakes.some((unresolved) => path.every((step, depth) => step === unresolved.path[depth])))
  if (!data || mistakes.length + located.length > 0) throw new ConfigError([...mistakes, ...located])
  return {dialect: data.dialect, settings: value[PLACE] as JsonObject, secrets}
}

function blame(layers: readonly Layer[], {path, message, at}: Explanation): Mistake {
  const location = locate(layers, path, at)
  return {message, path: location.path, place: location.place}
}

async function layersOf(source: DialectSource, {cwd, env}: Request): Promise<Layer[]> {
  if ('dialect' in source) {
    const mistake = {place: {source: 'dialect'}, path: []}
    return dialectLayers({name: source.dialect, folder: cwd, cwd, mistake}, [PLACE])
  }
  const layers = (await profileLayers(source.profile, {cwd, env})).map(dialectAlone)
  if (layers.some(({value}) => PLACE in value)) return layers
  const place = {source: `profile ${source.profile}`}
  throw new ConfigError([{place, path: [], message: 'expected a `dialect`, got none; see docs/dialects.md'}])
}

function dialectAlone(layer: Layer): Layer {
  const {[PLACE]: dialect} = layer.value
  return {...layer, value: dialect === undefined ? {} : {[PLACE]: dialect}}
}
