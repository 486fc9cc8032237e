import {statfs} from 'node:fs/promises'
import {dirname} from 'node:path'
import {CannotMeasure, UserError} from '../core/errors.ts'
import type {Generator} from './generator.ts'
import {isLaidDown} from './kill-file.ts'
import {thisMachine} from './machine.ts'
import type {DrillPlan} from './plan.ts'
import {shortagesOf, type Shortage, type ShortageLimits} from './shortages.ts'

export interface Preflight {
  readonly generator: Pick<Generator, 'check'>
  readonly plan: DrillPlan
  readonly limits: ShortageLimits
  /** Where the report goes. */
  readonly out: string
  readonly killFile: string
  /** Told what may go wrong and is no reason not to try. */
  readonly onDoubt: (message: string) => void
}

/** Reports are small; a full disk would lose the drill at its end. */
const DISK_BYTES = 100_000_000

/** Everything that would spoil a drill and can be known before it begins. Throws UserError or CannotMeasure, and starts nothing. */
export async function preflight({generator, plan, limits, out, killFile, onDoubt}: Preflight): Promise<void> {
  await refuseKillFile(killFile)
  await checkDisk(out)
  refuseShortage(shortagesOf(plan, await thisMachine(), limits), onDoubt)
  await generator.check()
}

async function refuseKillFile(file: string): Promise<void> {
  if (await isLaidDown(file))
    throw new UserError(`the kill file ${file} is there: no drill may run`, 'remove it when drills may run again')
}

async function checkDisk(out: string): Promise<void> {
  const {bavail, bsize} = await existing(out)
  if (bavail * bsize >= DISK_BYTES) return
  const free = Math.round((bavail * bsize) / 1e6)
  throw new CannotMeasure(
    `expected ${DISK_BYTES / 1e6} MB of free disk for the report, got ${free} MB`,
    'make room, or name another folder with --out',
  )
}

/** Of the folder, or of the first above it that exists. */
async function existing(path: string): Promise<{readonly bavail: number; readonly bsize: number}> {
  try {
    return await statfs(path)
  } catch (error) {
    const above = dirname(path)
    if (above === path) throw error
    return existing(above)
  }
}

/** Refuses what is sure to be in vain, and tells of what is only reckoned to be. */
function refuseShortage(shortages: readonly Shortage[], onDoubt: (message: string) => void): void {
  const [sure] = shortages.filter(({assumed}) => !assumed)
  if (sure) throw new CannotMeasure(sure.message, sure.hint)
  for (const {message, hint} of shortages) onDoubt(`${message} (assumed): ${hint}`)
}
