/**
 * One number for a sink: what the last run found, in base units (seconds, bytes, ratios). All are gauges but those with
 * the label `quantile`, which Prometheus keeps for summaries; `name_sum` and `name_count` belong to these.
 */
export interface Sample {
  readonly name: string
  readonly type: 'gauge' | 'summary'
  readonly help: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
