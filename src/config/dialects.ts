import {type JsonObject, isJsonObject} from '../core/json.ts'
import {interpolate} from './interpolate.ts'
import type {Layer} from './layer.ts'
import {libraryOf, namesIn, readDocument, type DocumentRequest} from './library.ts'
import type {Path} from './mistake.ts'
import {amended, nested, valueAt} from './nested-layer.ts'

const library = libraryOf('dialect')

/** Names of the built-in dialects. */
export function dialectNames(): Promise<string[]> {
  return namesIn(library)
}

/** A dialect and all that it extends, the innermost first, as files have them. */
export function readDialect(request: DocumentRequest): Promise<Layer[]> {
  return readDocument(library, request)
}

/** The same, at the place in a configuration where it is spoken of. The title is for people, and not spoken. */
export async function dialectLayers(request: DocumentRequest, place: Path): Promise<Layer[]> {
  return (await readDialect(request)).map((layer) => nested(amended(layer, ['title'], undefined), place))
}

interface Surroundings {
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
}

/**
 * Puts dialects in where they are named, alone (`dialect: peerjs`) or to be written over (`extends: peerjs`). A named one
 * takes the place of what lower layers say there: half of each would be neither.
 */
export async function withDialects(layers: readonly Layer[], {cwd, env}: Surroundings): Promise<Layer[]> {
  let result: Layer[] = []
  for (const layer of layers) {
    let current = layer
    for (const place of placesOf(layer.value)) {
      const value = valueAt(layer.value, place)
      const written = isJsonObject(value) ? value.extends : value
      if (typeof written !== 'string') continue
      const own = isJsonObject(value) ? withoutParent(value) : undefined
      const mistake = {place: layer.locate(place).place, path: place}
      const {text: name} = interpolate(written, env)
      const below = await dialectLayers({name, folder: layer.folder ?? cwd, cwd, mistake}, place)
      result = [...result.map((lower) => amended(lower, place, undefined)), ...below]
      current = amended(current, place, own)
    }
    result.push(current)
  }
  return result
}

/** Where a layer may speak of a dialect: for all checks, for one, and for those on one target. */
function placesOf({dialect, checks, targets}: JsonObject): Path[] {
  const inside = (section: string, entries: JsonObject[string] | undefined) =>
    isJsonObject(entries) ? Object.keys(entries).map((name) => [section, name, 'dialect']) : []
  return [...(dialect === undefined ? [] : [['dialect']]), ...inside('checks', checks), ...inside('targets', targets)]
}

function withoutParent({extends: _, ...own}: JsonObject): JsonObject {
  return own
}
