import type {Json, JsonObject} from '../core/json.ts'
import type {Path, Place} from './mistake.ts'

/** One origin of settings: a profile, a config file, the environment, the command line. The later one wins. */
export interface Layer {
  /** As people call it: a file's path, "environment", "flags". */
  readonly source: string
  readonly value: JsonObject
  /** The folder that relative paths start from; absent where values are taken as they are, without `${ENV}` and `file:`. */
  readonly folder?: string
  /** Comes with the program. */
  readonly builtIn?: true
  /** Where a path is written, or where the part of it that is written ends. `key` asks for the name instead of the value. */
  locate(path: Path, at?: 'key' | 'value'): Location
}

export interface Location {
  readonly place: Place
  /** How many steps of the path are written here. */
  readonly depth: number
  /** The path as it is written here, which may leave out what people write short. */
  readonly path: Path
}

/** The topmost layer that says the most of a path: the one to blame and the one to mend. */
export function locate(layers: readonly Layer[], path: Path, at?: 'key' | 'value'): Location & {readonly layer: Layer} {
  const found = layers.map((layer) => ({layer, ...layer.locate(path, at)}))
  return found.reduce((best, one) => (one.depth >= best.depth ? one : best))
}

/** A layer without lines: the environment or the command line. Its places are what the user typed. */
export function plainLayer(source: string, value: JsonObject, nameOf: (path: Path) => string): Layer {
  return {
    source,
    value,
    locate(path) {
      const depth = depthOf(value, path)
      return {depth, path, place: {source: depth === 0 ? source : `${source} ${nameOf(path)}`}}
    },
  }
}

function depthOf(value: Json, path: Path): number {
  let current: Json | undefined = value
  let depth = 0
  for (const step of path) {
    if (current === null || typeof current !== 'object' || !Object.hasOwn(current, step)) break
    current = (current as JsonObject)[step]
    depth++
  }
  return depth
}
