import {Gauge, Registry, Summary} from 'prom-client'
import type {Sample} from '../../core/sample.ts'

/** The samples in Prometheus' text format, without timestamps: the Pushgateway refuses a push that has any. */
export function render(samples: readonly Sample[]): Promise<string> {
  const registry = new Registry()
  for (const family of Map.groupBy(samples, familyOf).values()) {
    const [first] = family
    if (first?.type === 'summary') new FinishedSummary(family, registry)
    else if (first) fill(first, family, registry)
  }
  return registry.metrics()
}

function familyOf({name, type}: Sample): string {
  return type === 'summary' ? name.replace(/_(sum|count)$/, '') : name
}

function fill({name, help, labels}: Sample, family: readonly Sample[], registry: Registry): void {
  const gauge = new Gauge({name, help, labelNames: Object.keys(labels), registers: [registry]})
  for (const sample of family) gauge.set(sample.labels, sample.value)
}

/** prom-client's own summary estimates its quantiles from a stream of observations; ours are exact and finished. */
class FinishedSummary extends Summary {
  readonly #family: readonly Sample[]

  constructor(family: readonly Sample[], registry: Registry) {
    super({name: family.map(familyOf)[0] ?? '', help: family[0]?.help ?? '', registers: [registry]})
    this.#family = family
  }

  override async get(): ReturnType<Summary['get']> {
    const values = this.#family.map(({name, labels, value}) => ({metricName: name, labels, value}))
    return {...(await super.get()), values}
  }
}
