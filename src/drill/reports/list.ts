import {access, readdir} from 'node:fs/promises'
import {join} from 'node:path'
import {digestOf, type DrillDigest} from '../../core/drill-digest.ts'
import {UserError} from '../../core/errors.ts'
import {readDrillReport} from './read.ts'

export interface DrillListing {
  /** The newest first. */
  readonly drills: readonly DrillDigest[]
  /** Folders with a report that this version does not read. */
  readonly unreadable: readonly {readonly folder: string; readonly why: string}[]
}

/** Every drill whose report lies in a folder of its own below this one. What has no report is none, and left out. */
export async function listDrills(reports: string): Promise<DrillListing> {
  const drills: DrillDigest[] = []
  const unreadable: {folder: string; why: string}[] = []
  for (const folder of await foldersIn(reports)) {
    try {
      const digest = digestOf(await readDrillReport(join(reports, folder)), folder)
      if (digest) drills.push(digest)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      unreadable.push({folder, why: error.message})
    }
  }
  return {drills: drills.toSorted((a, b) => b.startedAt - a.startedAt), unreadable}
}

/** Real folders with a report in them: a link may lead anywhere. */
async function foldersIn(reports: string): Promise<string[]> {
  const entries = await readdir(reports, {withFileTypes: true}).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw new UserError(`${reports} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown error'})`)
  })
  const folders = entries.filter((entry) => entry.isDirectory()).map(({name}) => name)
  const found = await Promise.all(folders.map(async (name) => ((await hasReport(join(reports, name))) ? [name] : [])))
  return found.flat().sort()
}

function hasReport(folder: string): Promise<boolean> {
  return access(join(folder, 'report.json')).then(
    () => true,
    () => false,
  )
}
