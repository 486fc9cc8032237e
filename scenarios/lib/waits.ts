import {shareOfSession, windowsAbove, type Window} from '../../src/load/curve.ts'
import {spread} from '../../src/load/timetable.ts'
import type {SocketLoad} from '../../src/load/workload.ts'
import {workload} from '../init/workload.ts'

/** The next time that the plan has for a session, after so many of them. */
export function windowAfter({sessions}: SocketLoad, index: number, windows: number): Window | undefined {
  return windowsAbove(workload.phases, shareOfSession(index, sessions))[windows]
}

/** How long the first life of a session lasts: they end at different times, so that the later ones begin evenly. */
export function firstLifeMs({lifeMs}: SocketLoad, index: number): number {
  return lifeMs * (0.2 + 0.8 * spread(index))
}

/** How long a session waits after so many failures before that one, give or take a half. */
export function retryMs({retryMs, longestRetryMs}: SocketLoad, failures: number): number {
  return Math.min(longestRetryMs, retryMs * 2 ** failures) * (0.5 + Math.random())
}
