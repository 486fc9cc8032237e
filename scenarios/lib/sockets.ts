import {exec} from '../init/k6.ts'
import {workload} from '../init/workload.ts'
import {tellBegin} from './begin.ts'
import * as measure from './measure.ts'
import {runRing} from './ring.ts'
import {Session} from './session.ts'

/** One iteration of a virtual user: its part of all sessions, from the beginning of the drill to its end. */
export function holdSessions(): void {
  const load = workload.sockets
  if (!load) return
  tellBegin()
  measure.vuStarted()
  // Unique over all runners: with execution segments each takes its own part.
  const own = exec.scenario.iterationInTest
  const sessions: Session[] = []
  for (let index = own; index < load.sessions; index += load.vus) sessions.push(new Session(load, index))
  for (const session of sessions) session.schedule()
  runRing(sessions, load.intervalMs, workload.phases.at(-1)?.endMs ?? 0)
}
