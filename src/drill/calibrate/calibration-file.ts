import {mkdir, readFile, writeFile} from 'node:fs/promises'
import {availableParallelism, cpus} from 'node:os'
import {dirname, join} from 'node:path'
import {calibrationSchema, type Calibration} from './calibration.ts'

/** Where the calibration of this machine lies, by the rules of the XDG base directories. */
export function calibrationFile(env: Readonly<Record<string, string | undefined>>): string {
  const cache = env.XDG_CACHE_HOME ?? join(env.HOME ?? '.', '.cache')
  return join(cache, 'rtc-probe', 'calibration.json')
}

/** What tells a machine from another that has the same home. */
export function thisProcessor(): Pick<Calibration, 'processor' | 'cores'> {
  return {processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism()}
}

/** Undefined where this machine was not calibrated, or by a version that wrote it otherwise. */
export async function readCalibration(file: string): Promise<Calibration | undefined> {
  try {
    const calibration = calibrationSchema.parse(JSON.parse(await readFile(file, 'utf8')))
    const {processor, cores} = thisProcessor()
    return calibration.processor === processor && calibration.cores === cores ? calibration : undefined
  } catch {
    return undefined
  }
}

export async function writeCalibration(file: string, calibration: Calibration): Promise<void> {
  await mkdir(dirname(file), {recursive: true})
  await writeFile(file, `${JSON.stringify(calibration, null, 2)}\n`)
}
