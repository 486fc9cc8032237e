/**
 * One number for a sink: what the last run found, in base units (seconds, bytes, ratios). All of ours are gauges but those
 * with the label `quantile`, which Prometheus keeps for summaries; `name_sum` and `name_count` belong to these. What a page
 * of JSON says is passed on as it is, in its own unit: counters are counted by its server.
 */
export interface Sample {
  readonly name: string
  readonly type: 'gauge' | 'counter' | 'summary'
  readonly help: string
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}
