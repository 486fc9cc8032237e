import type {JsonObject} from '../core/json.ts'
import {withDialects} from './dialects.ts'
import type {Layer} from './layer.ts'
import type {ConfigRequest} from './layers.ts'
import {mergeLayers} from './merge.ts'
import {profileSchema} from './profile-schema.ts'
import {profileNames, readProfile} from './profiles.ts'

/** A built-in profile in a line. */
export interface ProfileSummary {
  readonly name: string
  readonly title: string
  /** The title of the document that it was read from. */
  readonly document: string
}

export async function listProfiles(): Promise<ProfileSummary[]> {
  const names = await profileNames()
  return Promise.all(
    names.map(async (name) => {
      const {title, document} = profileSchema
        .pick({title: true, document: true})
        .loose()
        .parse(await showProfile(name))
      return {name, title, document: document.title}
    }),
  )
}

/** All that a profile says, with what it extends and with its dialect. */
export async function showProfile(name: string, cwd = '.'): Promise<JsonObject> {
  return mergeLayers(await profileLayers(name, {cwd, env: {}}), profileSchema)
}

/** A profile as layers, for what has to know where something is written. */
export async function profileLayers(name: string, {cwd, env}: Pick<ConfigRequest, 'cwd' | 'env'>): Promise<Layer[]> {
  const mistake = {place: {source: 'profile'}, path: []}
  return withDialects(await readProfile({name, folder: cwd, cwd, mistake}), {cwd, env})
}
