import type {Report} from '../core/report.ts'

/** What the caller knows of where the text goes. Nothing of it: text for a file, in colours of no terminal. */
export interface ReporterOptions {
  /** Columns of the terminal; without it no line is wrapped, so that one row stays one line for grep. */
  readonly width?: number
  /** ANSI colours and frames. They only repeat what words say. */
  readonly color?: boolean
  /** Whether more than ASCII may be printed. */
  readonly unicode?: boolean
}

/** A pure function from the report to text, without the final line break. */
export type Reporter = (report: Report, options?: ReporterOptions) => string
