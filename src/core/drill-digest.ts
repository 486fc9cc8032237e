import type {CarriedLoad} from './drill-result.ts'
import type {Status} from './status.ts'

/** A drill in a few numbers: a row of a list, a point of a trend. */
export interface DrillDigest {
  readonly id: string
  /** The name of the folder that holds its report. */
  readonly folder: string
  /** Epoch milliseconds. */
  readonly startedAt: number
  readonly profile: string
  readonly instance: string
  readonly scenario: string
  readonly factor: number
  readonly status: Status
  readonly workloadHash: string
  /** Sockets that were planned at once; 0 of a load of requests alone. */
  readonly sockets: number
  readonly loads: readonly CarriedLoad[]
  /** p95 of the judged phases in milliseconds; null without any. */
  readonly rttP95Ms: number | null
  readonly requestP95Ms: number | null
  readonly objectives: readonly DigestObjective[]
}

/** The share that was good by the telling bound of an objective that the drill decided. */
export interface DigestObjective {
  readonly objective: string
  readonly title: string
  readonly status: Status
  readonly share: number | null
  readonly promised: number | null
}
