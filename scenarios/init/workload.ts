import type {Workload} from '../../src/load/workload.ts'

/** What this generator was told, in the environment: arguments are seen by every process of the machine. */
export const workload = JSON.parse(__ENV.PROBE_DRILL_WORKLOAD ?? '{}') as Workload
