import type {RunFacts} from '../core/report.ts'
import type {Sample} from '../core/sample.ts'

/** A place where samples go. Every kind passes `test/sinks/conformance.ts`. */
export interface Sink {
  readonly name: string
  /** Whether a failed export is worth an exit code of its own. */
  readonly required: boolean
  /** All that this sink may take, from the first byte to the last, whatever the number of requests. */
  readonly timeoutMs: number
  /**
   * Resolves when the samples are safely there, and rejects with an Error for people when they are not. Every wait
   * ends with the signal, whose reason is what to reject with.
   */
  write(samples: readonly Sample[], run: RunFacts, signal: AbortSignal): Promise<void>
}
