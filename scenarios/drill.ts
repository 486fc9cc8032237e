/** The generator of every drill: what it does stands in the workload that it is given (src/load/workload.ts). */
import {optionsOf} from './lib/options.ts'
import {workload} from './lib/workload.ts'

export {requests} from './lib/requests.ts'
export {sockets} from './lib/sockets.ts'

/** k6 asks for them once, before there are virtual users; in each of those they would take memory for nothing. */
export const options = __VU === 0 ? optionsOf(workload) : {}

export function handleSummary(data: object): Record<string, string> {
  return {[__ENV.PROBE_DRILL_SUMMARY ?? 'stdout']: `${JSON.stringify(data)}\n`}
}
