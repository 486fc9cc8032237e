import {join} from 'node:path'
import type {DrillDigest} from '../../core/drill-digest.ts'
import type {Placed} from '../compare/compare.ts'
import {listDrills} from './list.ts'
import {readDrillReport} from './read.ts'

export interface BaselineRequest {
  /** A folder, or "last". */
  readonly wanted: string
  readonly reports: string
  readonly profile: string
  readonly scenario: string
}

/** What a drill is to be held against; undefined where the last one is asked for and none has passed yet. */
export async function findBaseline({wanted, reports, profile, scenario}: BaselineRequest): Promise<Placed | undefined> {
  if (wanted !== 'last') return {report: await readDrillReport(wanted), folder: wanted}
  const {drills} = await listDrills(reports)
  const last = drills.find(
    (drill) => drill.status === 'pass' && drill.profile === profile && drill.scenario === scenario,
  )
  if (!last) return undefined
  const folder = join(reports, last.folder)
  return {report: await readDrillReport(folder), folder}
}

const MOST = 11

/** Drills of the same workload before a moment, the oldest first: what a trend is made of. */
export async function earlierDrills(
  reports: string,
  {
    profile,
    instance,
    workloadHash,
    startedAt,
  }: Pick<DrillDigest, 'profile' | 'instance' | 'workloadHash' | 'startedAt'>,
): Promise<DrillDigest[]> {
  // A folder that may be written and not be read keeps no drill from its report.
  const {drills} = await listDrills(reports).catch(() => ({drills: []}))
  return drills
    .filter((drill) => drill.profile === profile && drill.instance === instance)
    .filter((drill) => drill.workloadHash === workloadHash && drill.startedAt < startedAt)
    .slice(0, MOST)
    .reverse()
}
