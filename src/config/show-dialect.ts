import type {JsonObject} from '../core/json.ts'
import {z} from 'zod'
import {dialectSchema} from '../dialect/schema.ts'
import {dialectNames, readDialect} from './dialects.ts'
import {mergeLayers} from './merge.ts'

/** A built-in dialect in a line. */
export interface DialectSummary {
  readonly name: string
  /** What speaks it. */
  readonly title: string
}

export async function listDialects(): Promise<DialectSummary[]> {
  const names = await dialectNames()
  return Promise.all(names.map(async (name) => ({name, title: z.string().parse((await showDialect(name)).title)})))
}

/** All that a dialect says, with what it extends. */
export async function showDialect(name: string, cwd = '.'): Promise<JsonObject> {
  const mistake = {place: {source: 'dialect'}, path: []}
  return mergeLayers(await readDialect({name, folder: cwd, cwd, mistake}), dialectSchema)
}
