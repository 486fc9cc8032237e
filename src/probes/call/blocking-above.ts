import type {Trace} from '../probe.ts'
import {callSpec} from './options.ts'

/** Leads an attempt; of one that fails it says of each stage above the failed one what is in its way. */
export async function blockingAbove(trace: Trace, work: (trace: Trace) => Promise<void>): Promise<void> {
  let current = callSpec.phases[0] ?? ''
  const begin = (name: string) => {
    current = name
    trace.phase(name)
  }
  try {
    await work({...trace, phase: begin})
  } catch (error) {
    const above = callSpec.phases.slice(callSpec.phases.indexOf(current) + 1)
    for (const phase of above) trace.skip(phase, `blocked by ${current}`)
    throw error
  }
}
