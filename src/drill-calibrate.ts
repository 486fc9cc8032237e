import {calibrate} from './drill/calibrate/calibrate.ts'
import {calibrationFile, writeCalibration} from './drill/calibrate/calibration-file.ts'
import {capacityOf, type Calibration, type Capacity} from './drill/calibrate/calibration.ts'
import {findK6} from './drill/k6/find.ts'
import {thisMachine} from './drill/machine.ts'
import {drillScript} from './probes/package-files.ts'

export interface Calibrated {
  readonly calibration: Calibration
  readonly capacity: Capacity
  /** Where it is kept for the plans of drills. */
  readonly file: string
}

/** Measures this machine, says what it can drive, and keeps that. */
export async function calibrateMachine({
  k6: path,
  env,
  signal,
  onRun,
}: {
  readonly k6: string | undefined
  readonly env: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
  readonly onRun: (run: number, of: number) => void
}): Promise<Calibrated> {
  const k6 = await findK6(path)
  const calibration = await calibrate({k6, script: drillScript, env, signal, now: new Date(), onRun})
  const capacity = capacityOf(calibration, await thisMachine())
  const file = calibrationFile(env)
  await writeCalibration(file, calibration)
  return {calibration, capacity, file}
}
