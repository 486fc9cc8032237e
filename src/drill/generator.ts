import type {DrillEnd, SeriesPoint} from '../core/drill-result.ts'
import type {Workload} from '../load/workload.ts'
import type {Measured} from './measured.ts'
import type {Subject} from './subject.ts'

/** What makes a load. All else of a drill does not know which one it has. */
export interface Generator {
  /** Of k6, where it makes the load: its version, and the SHA-256 of what it runs. */
  readonly k6?: string
  readonly script?: string
  /** What its parts are called, whose number is planned: "virtual users". */
  readonly parts: string
  /** Looks whether it can do its work, and whether the target is there. Throws CannotMeasure, and puts no load on anything. */
  check(): Promise<void>
  /** Makes the load from begin to end. Whatever becomes of it, nothing is left running. */
  generate(settings: LoadSettings): Promise<Generated>
}

/** Makes the generator for a workload. */
export type GeneratorMaker = (workload: Workload, subject: Subject) => Promise<Generator>

export interface LoadSettings {
  readonly durationMs: number
  /** Of the report: what the generator writes is written there. */
  readonly folder: string
  readonly killFile: string
  readonly cores: number
  readonly signal: AbortSignal
  readonly onPoint: (point: SeriesPoint) => void
}

export interface Generated {
  readonly end: DrillEnd
  /** Epoch milliseconds of its begin. */
  readonly startedAt: number
  /** Undefined when the generator did not live to tell. */
  readonly measured: Measured | undefined
  readonly series: readonly SeriesPoint[]
  /** The highest that was seen. */
  readonly fds: {readonly open: number; readonly max: number} | undefined
  /** In the generator itself. */
  readonly exceptions: number
  /** The first message of each failure code. */
  readonly failures: Readonly<Record<string, string>>
}
