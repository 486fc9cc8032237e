import {Counter, Gauge, Registry, Summary} from 'prom-client'
import type {Sample} from '../../core/sample.ts'

/** The samples in Prometheus' text format, without timestamps: the Pushgateway refuses a push that has any. */
export function render(samples: readonly Sample[]): Promise<string> {
  const registry = new Registry()
  for (const family of Map.groupBy(samples, familyOf).values()) {
    const [first] = family
    if (first) registry.registerMetric(finished(first, family))
  }
  return registry.metrics()
}

function familyOf({name, type}: Sample): string {
  return type === 'summary' ? name.replace(/_(sum|count)$/, '') : name
}

const kinds = {gauge: Gauge, counter: Counter, summary: Summary}

/**
 * prom-client's own metrics measure: a counter only grows by what it is told, a summary estimates its quantiles from a
 * stream. Ours are measured already, so that the values are put in place of theirs. Of two that would be one series, as of
 * an address that is given twice, the later counts.
 */
function finished(first: Sample, family: readonly Sample[]): Gauge | Counter | Summary {
  const metric = new kinds[first.type]({name: familyOf(first), help: first.help, registers: []})
  const series = new Map(family.map((sample) => [JSON.stringify([sample.name, sample.labels]), sample]))
  const values = [...series.values()].map(({name, labels, value}) => ({metricName: name, labels, value}))
  const empty = metric.get.bind(metric)
  return Object.assign(metric, {get: async () => ({...(await empty()), values})})
}
