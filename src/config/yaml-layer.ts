import {createReadStream} from 'node:fs'
import {dirname, relative, resolve} from 'node:path'
import {buffer} from 'node:stream/consumers'
import {isAlias, isMap, isSeq, type Document, type Node} from 'yaml'
import type {Layer, Location} from './layer.ts'
import {ConfigError, type Path, type Place} from './mistake.ts'
import {parseYaml} from './parse-yaml.ts'

/** Far beyond any configuration; no more is read of a file that has no end. */
const LARGEST_BYTES = 1_000_000

/** Reads one YAML file. Everything that is wrong with it as YAML comes in one ConfigError. */
export async function readYamlLayer(path: string, cwd: string): Promise<Layer> {
  const file = resolve(cwd, path)
  const source = displayPath(file, cwd)
  const bytes = await buffer(createReadStream(file, {end: LARGEST_BYTES})).catch((error: unknown) => {
    throw refused(source, `expected a readable file, got ${(error as NodeJS.ErrnoException).code ?? String(error)}`)
  })
  if (bytes.length > LARGEST_BYTES) throw refused(source, `expected at most ${LARGEST_BYTES} bytes, got more`)
  return yamlLayer(bytes.toString(), source, dirname(file))
}

/** A file's path as people type it: relative where it lies below the working directory. */
function displayPath(file: string, cwd: string): string {
  const path = relative(cwd, file)
  return path.startsWith('..') ? file : path
}

function refused(source: string, message: string): ConfigError {
  return new ConfigError([{place: {source}, path: [], message}])
}

function yamlLayer(text: string, source: string, folder: string): Layer {
  const {document, value, placeAt} = parseYaml(text, source)
  return {
    source,
    folder,
    value,
    locate: (path, at = 'value') => locateNode(document, path, {at, placeAt}),
  }
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
