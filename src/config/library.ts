import {readdir} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {packageRoot} from '../probes/package-files.ts'
import type {Layer} from './layer.ts'
import {ConfigError, type Mistake} from './mistake.ts'
import {unknownName} from './nearest.ts'
import {readYamlLayer} from './yaml-layer.ts'

/** A kind of document that comes with the program and that users write their own of: each may extend another. */
export interface Library {
  /** "profile": what one of them is called. */
  readonly kind: string
  readonly folder: string
}

export function libraryOf(kind: string): Library {
  return {kind, folder: join(packageRoot, `${kind}s/`)}
}

/** Names of what is built in. */
export async function namesIn({folder}: Library): Promise<string[]> {
  const files = await readdir(folder)
  return files.filter((file) => file.endsWith('.yaml')).map((file) => basename(file, '.yaml'))
}

/** Who asks for a document: for its relative paths, and for the place of the mistake if there is none. */
export interface DocumentRequest {
  readonly name: string
  readonly folder: string
  readonly cwd: string
  readonly mistake: Pick<Mistake, 'place' | 'path'>
}

/** A document and all that it extends, the innermost first. A name is a built-in one, a path is the user's own. */
export async function readDocument(
  library: Library,
  request: DocumentRequest,
  seen: readonly string[] = [],
): Promise<Layer[]> {
  const {kind} = library
  const file = await fileOf(library, request)
  if (seen.includes(file)) throw refused(request, `expected a ${kind} that does not extend itself, got ${request.name}`)
  const layer = await readYamlLayer(file, request.cwd).catch((error: unknown) => {
    if (!(error instanceof ConfigError) || error.mistakes.some(({place}) => place.line !== undefined)) throw error
    throw refused(request, `${error.mistakes[0]?.message ?? error.message} for ${request.name}`)
  })
  const {extends: parent, ...value} = layer.value
  const own: Layer = {...layer, value, ...(file.startsWith(library.folder) && {builtIn: true})}
  if (parent === undefined) return [own]
  const {place} = layer.locate(['extends'])
  const mistake = {place, path: ['extends']}
  if (typeof parent !== 'string') throw refused({...request, mistake}, `expected the name of a ${kind}`)
  const below = {...request, name: parent, folder: dirname(file), mistake}
  return [...(await readDocument(library, below, [...seen, file])), own]
}

async function fileOf(library: Library, request: DocumentRequest): Promise<string> {
  const {name, folder} = request
  if (name.includes('/') || /\.ya?ml$/.test(name)) return join(name.startsWith('/') ? '' : folder, name)
  const {kind} = library
  const names = await namesIn(library)
  if (names.includes(name)) return join(library.folder, `${name}.yaml`)
  throw refused(request, `${unknownName(`a ${kind}`, name, names)}; a ${kind} of your own is named by its path`)
}

function refused({mistake}: DocumentRequest, message: string): ConfigError {
  return new ConfigError([{...mistake, message}])
}
