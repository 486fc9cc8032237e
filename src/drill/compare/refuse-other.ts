import {UserError} from '../../core/errors.ts'
import type {Comparable} from '../comparable.ts'

const MOST = 6

/** Two loads are compared only where they are the same one. Throws UserError with what differs. */
export function refuseOther(baseline: Comparable, current: Comparable, hint: string): void {
  if (baseline.workloadHash === current.workloadHash) return
  const names = [...new Set([...Object.keys(baseline.workload), ...Object.keys(current.workload)])]
  const different = names.filter((name) => baseline.workload[name] !== current.workload[name])
  const told = different
    .slice(0, MOST)
    .map((name) => `${name} was ${baseline.workload[name] ?? 'absent'} and is ${current.workload[name] ?? 'absent'}`)
  const more = different.length > MOST ? `; and ${different.length - MOST} more` : ''
  const what = told.length === 0 ? 'in order or in detail' : told.join('; ')
  throw new UserError(`the two drills had different workloads and cannot be compared: ${what}${more}`, hint)
}
