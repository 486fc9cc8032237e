import type {DrillComparison} from './drill-comparison.ts'
import type {DrillDigest} from './drill-digest.ts'
import type {Status} from './status.ts'

/** What a drill adds to a report: how much load there was, whether the generator can be believed, and what it saw. */
export interface DrillResult {
  readonly scenario: string
  readonly factor: number
  /** When the load began, in epoch milliseconds: what the times of phases and series count from. */
  readonly startedAt: number
  /** What was loaded, as it may be shown. */
  readonly targets: readonly string[]
  /** Of everything that makes two drills comparable: load, stages, dialect, bounds. */
  readonly workloadHash: string
  /** The same by its parts, to tell what differs: as text where that is short, else as a digest. */
  readonly workload: Readonly<Record<string, string>>
  /** SHA-256 of the scenario that k6 ran, where it made the load. */
  readonly script?: string
  /** The command that does it again; empty where nobody told. */
  readonly repeat: string
  /** Its version, where it made the load. */
  readonly k6?: string
  readonly generator: GeneratorFacts
  readonly end: DrillEnd
  readonly dimensions: readonly DrillDimension[]
  readonly phases: readonly DrillPhase[]
  /** What was sent of what was planned in the judged phases. */
  readonly loads: readonly CarriedLoad[]
  readonly gates: readonly Gate[]
  /** Clients that came so far, in this order. */
  readonly funnel: readonly {readonly stage: string; readonly clients: number}[]
  readonly failures: readonly Counted[]
  readonly closes: readonly Counted[]
  readonly refusals: readonly Counted[]
  /** Share of judged connects and requests that a rate limit refused; null without any. */
  readonly limited: number | null
  /** One entry a second. */
  readonly series: readonly SeriesPoint[]
  /** The profile's own checks before the load and after it; those beside it are the report's `checks`. */
  readonly before: readonly Snapshot[]
  readonly after: readonly Snapshot[]
  /** Against a baseline, where one was given. */
  readonly comparison?: DrillComparison
  /** Earlier drills of the same workload that lay in the same folder, the oldest first. */
  readonly earlier: readonly DrillDigest[]
}

/** How a drill came to its end. `aborted`: more than half of everything failed; `late`: k6 outlived its time. */
export type DrillEnd =
  | {readonly kind: 'completed'}
  | {readonly kind: 'interrupted' | 'kill-file' | 'aborted' | 'late' | 'killed' | 'crashed'; readonly message: string}

export interface GeneratorFacts {
  readonly cores: number
  readonly memoryBytes: number
  readonly vus: number
  readonly processes: number
}

export interface DrillDimension {
  readonly dimension: string
  readonly value: number
  readonly why: string
  readonly assumed: boolean
}

/** One phase with what was measured in it. Statistics are by k6's names ("p(95)", "max"), in milliseconds. */
export interface DrillPhase {
  readonly name: string
  /** What its samples carry as `phase`: all judged phases are `steady`, and have the same measurements. */
  readonly tag: string
  readonly startMs: number
  readonly endMs: number
  readonly from: number
  readonly to: number
  readonly judged: boolean
  readonly rates: Readonly<Record<string, {readonly good: number; readonly total: number}>>
  readonly trends: Readonly<Record<string, Readonly<Record<string, number>>>>
  /** Where several processes made the load: each statistic of theirs, from the lowest to the highest. `trends` has the worst. */
  readonly ranges?: Readonly<Record<string, Readonly<Record<string, readonly [number, number]>>>>
}

export interface CarriedLoad {
  readonly kind: 'round_trips' | 'requests' | 'packets'
  readonly planned: number
  readonly achieved: number
}

/** A limit on the generator's own health. One that is not met makes the drill inconclusive. */
export interface Gate {
  readonly name: 'cpu' | 'memory' | 'files' | 'lag' | 'exceptions' | 'resources' | 'vus'
  readonly ok: boolean
  readonly worst: number
  readonly limit: number
  readonly message: string
}

export interface Counted {
  readonly code: string
  readonly count: number
  /** The first message, where one was told. */
  readonly message?: string
}

export interface SeriesPoint {
  /** Milliseconds after the begin. */
  readonly ms: number
  /** Until the planned end. */
  readonly leftMs: number
  readonly phase: string
  readonly plannedSockets: number
  readonly openSockets: number
  readonly roundTrips: number
  readonly connects: number
  readonly requests: number
  /** Share of what ended in this second that failed; null where nothing did. */
  readonly errors: number | null
  /** Share within each watched bound, by the name of its Rate. */
  readonly within: Readonly<Record<string, number>>
  /** Milliseconds, of round trips and of requests. */
  readonly rtt?: Quantiles
  readonly request?: Quantiles
  /** Of all cores; null where the generator did not tell. */
  readonly cpu: number | null
  readonly memoryBytes: number | null
}

export interface Quantiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
  readonly max: number
}

/** The verdict on one objective at one moment beside the load. */
export interface Snapshot {
  readonly objective: string
  readonly target: string
  readonly status: Status
  readonly why?: string
}
