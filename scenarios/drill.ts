/**
 * The generator of every drill: what it does stands in the workload that it is given (src/load/workload.ts).
 * What can be made only while a script begins is imported here. All else is required by whom it serves, as whatever stands
 * here takes memory of every virtual user; by a function that waits for nothing, as k6 tells exceptions of no other as such.
 */
/* eslint-disable @typescript-eslint/no-require-imports -- see above */
import './init/k6.ts'
import './init/metrics.ts'
import './init/patterns.ts'
import {workload} from './init/workload.ts'
import type * as Options from './lib/options.ts'
import type * as Requests from './lib/requests.ts'
import type * as Sockets from './lib/sockets.ts'

/** k6 asks for them once, before there are virtual users. */
export const options = __VU === 0 ? (require('./lib/options.ts') as typeof Options).optionsOf(workload) : {}

export function sockets(): void {
  const {holdSessions} = require('./lib/sockets.ts') as typeof Sockets
  holdSessions()
}

export function requests(): void {
  const {request} = require('./lib/requests.ts') as typeof Requests
  request()
}

export function handleSummary(data: object): Record<string, string> {
  return {[__ENV.PROBE_DRILL_SUMMARY ?? 'stdout']: `${JSON.stringify(data)}\n`}
}
