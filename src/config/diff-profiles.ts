import {type Json, type JsonObject, isJsonObject} from '../core/json.ts'
import {isDeepStrictEqual} from 'node:util'
import {UserError} from '../core/errors.ts'
import {mergeLayers} from './merge.ts'
import type {Path} from './mistake.ts'
import {profileSchema} from './profile-schema.ts'
import {readProfile} from './profiles.ts'
import {showProfile} from './show-profile.ts'

/** One value that two profiles say differently; what only one of them says has no other side. */
export interface Change {
  readonly path: Path
  readonly from?: Json
  readonly to?: Json
}

/** What `to` says differently from `from`. Without `to`, what a profile changes in the one that it extends. */
export async function diffProfiles(from: string, to: string | undefined, cwd: string): Promise<Change[]> {
  if (to !== undefined) return changesBetween(await showProfile(from, cwd), await showProfile(to, cwd))
  const mistake = {place: {source: 'profile'}, path: []}
  const layers = await readProfile({name: from, folder: cwd, cwd, mistake})
  if (layers.length < 2) {
    throw new UserError(
      `expected a second profile, got none, and ${from} extends no other`,
      'probe profile diff FROM TO',
    )
  }
  return changesBetween(mergeLayers(layers.slice(0, -1), profileSchema), mergeLayers(layers, profileSchema))
}

/** Mappings are compared member by member; lists and single values as wholes. */
export function changesBetween(from: JsonObject, to: JsonObject, path: Path = []): Change[] {
  return [...new Set([...Object.keys(from), ...Object.keys(to)])].flatMap((name): Change[] => {
    const [before, after] = [from[name], to[name]]
    const here = [...path, name]
    if (isJsonObject(before) && isJsonObject(after)) return changesBetween(before, after, here)
    if (isDeepStrictEqual(before, after)) return []
    return [{path: here, ...(before !== undefined && {from: before}), ...(after !== undefined && {to: after})}]
  })
}
