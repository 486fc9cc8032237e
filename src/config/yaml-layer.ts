import {readFile} from 'node:fs/promises'
import {dirname, relative, resolve} from 'node:path'
import {isAlias, isMap, isSeq, LineCounter, parseDocument, type Document, type Node} from 'yaml'
import type {Json} from '../core/json.ts'
import {isJsonObject, type JsonObject, type Layer, type Location} from './layer.ts'
import {ConfigError, type Mistake, type Path, type Place} from './mistake.ts'

/** Far beyond any configuration, and small enough to be read whole. */
const LARGEST_BYTES = 1_000_000
/** An alias that multiplies itself (a "billion laughs") ends here. */
const MOST_ALIASES = 1000

/** Reads one YAML file. Everything that is wrong with it as YAML comes in one ConfigError. */
export async function readYamlLayer(path: string, cwd: string): Promise<Layer> {
  const file = resolve(cwd, path)
  const source = displayPath(file, cwd)
  const text = await readFile(file, 'utf8').catch((error: unknown) => {
    throw refused(source, `expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  })
  if (text.length > LARGEST_BYTES) throw refused(source, `expected at most ${LARGEST_BYTES} bytes, got ${text.length}`)
  return yamlLayer(text, source, dirname(file))
}

/** A file's path as people type it: relative where it lies below the working directory. */
function displayPath(file: string, cwd: string): string {
  const path = relative(cwd, file)
  return path.startsWith('..') ? file : path
}

function refused(source: string, message: string): ConfigError {
  return new ConfigError([{place: {source}, path: [], message}])
}

export function yamlLayer(text: string, source: string, folder: string): Layer {
  const lines = new LineCounter()
  const placeAt = (offset: number): Place => {
    const {line, col} = lines.linePos(offset)
    return {source, line, column: col}
  }
  const {document, value} = parse(text, lines, source)
  return {
    source,
    folder,
    value,
    locate: (path, at = 'value') => locateNode(document, path, {at, placeAt}),
  }
}

function parse(text: string, lineCounter: LineCounter, source: string): {document: Document; value: JsonObject} {
  const mistake = (offset: number, message: string): Mistake => {
    const {line, col} = lineCounter.linePos(offset)
    return {place: {source, line, column: col}, path: [], message}
  }
  let document: Document
  let value: Json
  try {
    document = parseDocument(text, {lineCounter, prettyErrors: false, stringKeys: true})
    const wrong = [...document.errors, ...document.warnings]
    if (wrong.length > 0)
      throw new ConfigError(wrong.map(({pos, code, message}) => mistake(pos[0], said(code, message))))
    value = document.toJS({maxAliasCount: MOST_ALIASES}) as Json
  } catch (error) {
    if (error instanceof ConfigError) throw error
    if (error instanceof RangeError)
      throw new ConfigError([mistake(0, 'expected YAML, got too many levels of nesting')])
    if (!(error instanceof ReferenceError)) throw error
    throw new ConfigError([mistake(0, `expected few aliases, got too many: ${error.message}`)])
  }
  if (value === null) return {document, value: {}}
  if (isJsonObject(value)) return {document, value}
  throw new ConfigError([mistake(0, `expected names with values, got ${Array.isArray(value) ? 'a list' : 'a text'}`)])
}

function said(code: string, message: string): string {
  return code === 'DUPLICATE_KEY' ? 'expected each name once, got one twice' : `expected YAML, got: ${message}`
}

interface Locating {
  readonly at: 'key' | 'value'
  readonly placeAt: (offset: number) => Place
}

/** Follows a path through the nodes as far as it is written. */
function locateNode(document: Document, path: Path, {at, placeAt}: Locating): Location {
  const start = (node: Node | null) => node?.range?.[0] ?? 0
  let node = unalias(document.contents, document)
  let offset = start(node)
  let depth = 0
  for (const step of path) {
    const pair = isMap(node) ? node.items.find(({key}) => String(key) === String(step)) : undefined
    const item = isSeq(node) && typeof step === 'number' ? node.items[step] : undefined
    const next = (pair?.value ?? item ?? null) as Node | null
    if (!pair && item === undefined) break
    const keyOffset = pair ? start(pair.key as Node | null) : start(next)
    depth++
    // The value of a mapping begins on the line below its name: the name is what people look for.
    const isLeaf = depth === path.length && at === 'value' && !isMap(next) && !isSeq(next)
    offset = isLeaf && next ? start(next) : keyOffset
    node = unalias(next, document)
  }
  return {depth, path, place: placeAt(offset)}
}

function unalias(node: Node | null, document: Document): Node | null {
  return isAlias(node) ? (node.resolve(document) ?? null) : node
}
