import {readdir, rm, rmdir} from 'node:fs/promises'
import {join} from 'node:path'
import type {DrillDigest} from '../../core/drill-digest.ts'

export interface CleanRequest {
  /** So many of the newest of each kind stay. */
  readonly keep?: number | undefined
  /** Only what is older goes, in milliseconds. */
  readonly olderThanMs?: number | undefined
  readonly now: number
}

/**
 * Which drills may go. Kinds are profile, instance and scenario; where both limits are given, both must hold. The last one
 * that passed stays in any case: it is the baseline of the next.
 */
export function doomedOf(
  drills: readonly DrillDigest[],
  {keep = 0, olderThanMs = 0, now}: CleanRequest,
): DrillDigest[] {
  const kinds = Map.groupBy(drills, ({profile, instance, scenario}) => JSON.stringify([profile, instance, scenario]))
  const doomed = [...kinds.values()].flatMap((kind) => {
    const newestFirst = kind.toSorted((a, b) => b.startedAt - a.startedAt)
    const baseline = newestFirst.find(({status}) => status === 'pass')
    return newestFirst.slice(keep).filter((drill) => drill !== baseline && drill.startedAt <= now - olderThanMs)
  })
  return doomed.toSorted((a, b) => a.startedAt - b.startedAt)
}

/** All that a drill writes. */
const files: ReadonlySet<string> = new Set([
  'report.json',
  'report.html',
  'report.md',
  'junit.xml',
  'series.json',
  'k6-summary.json',
  'k6.log',
])
/** Of one k6 of several. */
const ofProcess = /^process-\d+$/

/** Removes what a drill wrote, the report last. Returns what else lay in the folder, which stays there with it. */
export async function removeDrill(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, {withFileTypes: true})
  const isReport = (name: string) => Number(name === 'report.json')
  const others: string[] = []
  // Interrupted, it is still a drill that can be listed and removed.
  for (const entry of entries.toSorted((a, b) => isReport(a.name) - isReport(b.name))) {
    const {name} = entry
    const path = join(folder, name)
    if (entry.isFile() && files.has(name)) await rm(path)
    else if (entry.isDirectory() && ofProcess.test(name)) {
      others.push(...(await removeDrill(path)).map((left) => join(name, left)))
    } else others.push(name)
  }
  if (others.length === 0) await rmdir(folder)
  return others
}
