import type {JsonObject} from './layer.ts'
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

/** All that a profile says, with what it extends. */
export async function showProfile(name: string, cwd = '.'): Promise<JsonObject> {
  const mistake = {place: {source: 'profile'}, path: []}
  return mergeLayers(await readProfile({name, folder: cwd, cwd, mistake}), profileSchema)
}
