import type {Json, JsonObject} from '../core/json.ts'
import {readFile} from 'node:fs/promises'
import {resolve} from 'node:path'
import type {z} from 'zod'
import {interpolate} from './interpolate.ts'
import {locate, type Layer} from './layer.ts'
import type {Mistake} from './mistake.ts'
import {replaceLeaves} from './replace-leaves.ts'
import {secretsOf} from './secrets.ts'
import {leaves, type Leaf} from './walk-schema.ts'

export interface ResolveOptions {
  readonly layers: readonly Layer[]
  readonly schema: z.core.$ZodType
  readonly env: Readonly<Record<string, string | undefined>>
  /** What stands for a variable that is not set, where nothing will be done with its value; else that is a mistake. */
  readonly standIn?: string
}

export interface Resolved {
  readonly value: JsonObject
  /** Everything that must not show. */
  readonly secrets: readonly string[]
  readonly mistakes: readonly Mistake[]
}

/** Puts the values of `${ENV}` and `file:PATH` where they are named. What a higher layer replaced is not asked for. */
export async function resolveReferences(document: JsonObject, options: ResolveOptions): Promise<Resolved> {
  const found = await Promise.all(leaves(options.schema, document).map((leaf) => resolveLeaf(leaf, options)))
  return {
    value: replaceLeaves(
      document,
      found.map(({leaf, value}) => [leaf.path, value] as const),
    ),
    secrets: [...new Set(found.flatMap(({secrets}) => secrets))],
    mistakes: found.flatMap(({mistake}) => mistake ?? []),
  }
}

interface ResolvedLeaf {
  readonly leaf: Leaf
  readonly value: Json
  readonly secrets: readonly string[]
  readonly mistake?: Mistake
}

async function resolveLeaf(leaf: Leaf, {layers, env, standIn}: ResolveOptions): Promise<ResolvedLeaf> {
  const {value} = leaf
  const isSecret = leaf.facets.some(({secret}) => secret)
  const isFile = (isSecret || leaf.facets.some(({file}) => file)) && String(value).startsWith('file:')
  const settled = (used: Json, taken: readonly string[] = []) => {
    return {leaf, value: used, secrets: secretsOf({leaf, value: used, taken, isSecret})}
  }
  const mayHide = literalPassword.test(String(value)) || String(value).includes('${')
  if (value === null || !(isSecret || isFile || mayHide)) return settled(value)

  const {layer, place, path} = locate(layers, leaf.path)
  const wrong = (message: string) => ({leaf, value, secrets: [], mistake: {place, path, message}})
  if (layer.folder === undefined) return settled(value) // the environment and the flags mean what they say
  if (typeof value !== 'string') return wrong(LITERAL)
  if (literalPassword.test(value)) return wrong('expected ${ENV} in place of the password, got a literal')
  if (isFile) {
    const file = resolve(layer.folder, value.slice('file:'.length))
    try {
      const content = (await readFile(file, 'utf8')).replace(/\r?\n$/, '')
      return settled(content, isSecret ? [content] : [])
    } catch (error) {
      return wrong(`expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? 'an error'} for ${value}`)
    }
  }
  const {text, taken, missing, malformed, isLiteral} = interpolate(value, env)
  if (malformed !== undefined)
    return wrong(`expected \${NAME} or \${NAME:-default}, got ${malformed}; $\${ stands for a plain \${`)
  if (isSecret && filled.test(value)) return {leaf, value, secrets: []} // by a dialect, with a value that nobody wrote
  if (missing !== undefined && standIn !== undefined) return settled(standIn)
  if (missing !== undefined) return wrong(`expected the environment variable ${missing} to be set, got nothing`)
  return isSecret && isLiteral ? wrong(LITERAL) : settled(text, taken)
}

/** A text that is filled when it is used: "{token}", or "sid={cookie}". */
const filled = /^[^${}]*\{[A-Za-z_][\w.]*(?:\|\w+)?\}[^${}]*$/

/** A URL with a password that is written out. */
const literalPassword = /^\w+:\/\/[^/@]*:(?!\$\{)[^/@]+@/

const LITERAL = 'expected ${ENV} or file:PATH, got a literal'
