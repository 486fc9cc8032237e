/** One number for a sink. All samples are gauges of the last run, in base units (seconds, bytes, ratios). */
export interface Sample {
  readonly name: string
  readonly help: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
