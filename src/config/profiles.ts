import {readdir} from 'node:fs/promises'
import {basename, dirname, join} from 'node:path'
import {fileURLToPath} from 'node:url'
import type {Layer} from './layer.ts'
import {ConfigError, type Mistake} from './mistake.ts'
import {unknownName} from './nearest.ts'
import {readYamlLayer} from './yaml-layer.ts'

export const DEFAULT_PROFILE = 'video-chat'

/** Beside `src/` and beside `dist/` alike. */
const builtIn = fileURLToPath(new URL('../../profiles/', import.meta.url))

/** Names of the built-in profiles. */
export async function profileNames(): Promise<string[]> {
  const files = await readdir(builtIn)
  return files.filter((file) => file.endsWith('.yaml')).map((file) => basename(file, '.yaml'))
}

/** Who asks for a profile: for its relative paths, and for the place of the mistake if there is no such profile. */
export interface ProfileRequest {
  readonly name: string
  readonly folder: string
  readonly cwd: string
  readonly mistake: Pick<Mistake, 'place' | 'path'>
}

/** A profile and all that it extends, the innermost first. A name is a built-in one, a path is the user's own. */
export async function readProfile(request: ProfileRequest, seen: readonly string[] = []): Promise<Layer[]> {
  const file = await fileOf(request)
  if (seen.includes(file)) throw refused(request, `expected a profile that does not extend itself, got ${request.name}`)
  const layer = await readYamlLayer(file, request.cwd).catch((error: unknown) => {
    if (!(error instanceof ConfigError) || error.mistakes.some(({place}) => place.line !== undefined)) throw error
    throw refused(request, `${error.mistakes[0]?.message ?? error.message} for ${request.name}`)
  })
  const {extends: parent, ...value} = layer.value
  const own = {...layer, value}
  if (parent === undefined) return [own]
  const {place} = layer.locate(['extends'])
  const mistake = {place, path: ['extends']}
  if (typeof parent !== 'string') throw refused({...request, mistake}, 'expected the name of a profile')
  return [...(await readProfile({...request, name: parent, folder: dirname(file), mistake}, [...seen, file])), own]
}

async function fileOf(request: ProfileRequest): Promise<string> {
  const {name, folder} = request
  if (name.includes('/') || /\.ya?ml$/.test(name)) return join(name.startsWith('/') ? '' : folder, name)
  const names = await profileNames()
  if (names.includes(name)) return join(builtIn, `${name}.yaml`)
  throw refused(request, `${unknownName('a profile', name, names)}; a profile of your own is named by its path`)
}

function refused({mistake}: ProfileRequest, message: string): ConfigError {
  return new ConfigError([{...mistake, message}])
}
