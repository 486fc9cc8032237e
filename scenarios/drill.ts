/**
 * The generator of every drill: what it does stands in the workload that it is given (src/load/workload.ts).
 * What can be made only while a script begins is imported here. All else a virtual user loads when it does it, as whatever
 * stands here takes memory of every one of them.
 */
import './init/k6.ts'
import './init/metrics.ts'
import './init/re2js.ts'
import {workload} from './init/workload.ts'

/** k6 asks for them once, before there are virtual users. */
export const options = __VU === 0 ? (await import('./lib/options.ts')).optionsOf(workload) : {}

export async function sockets(): Promise<void> {
  const {holdSessions} = await import('./lib/sockets.ts')
  holdSessions()
}

export async function requests(): Promise<void> {
  const {request} = await import('./lib/requests.ts')
  request()
}

export function handleSummary(data: object): Record<string, string> {
  return {[__ENV.PROBE_DRILL_SUMMARY ?? 'stdout']: `${JSON.stringify(data)}\n`}
}
