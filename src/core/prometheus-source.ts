/** The unit of a value that Prometheus knows. */
export type Unit = 'ms' | 's' | 'ratio' | 'percent' | 'bytes' | 'count'

/** Where Prometheus finds the events of an objective. Selectors of a list are added up. */
export type PrometheusSource =
  /** A histogram, its name without `_bucket`. */
  | {readonly histogram: string; readonly unit: Unit}
  | {readonly good: readonly string[]; readonly total: readonly string[]}
  | {readonly bad: readonly string[]; readonly total: readonly string[]}
  /** A gauge that is 1 while all is well: every scrape of every instance is one slice. */
  | {readonly up: string}
  /** A query for a level: every time step is one slice. */
  | {readonly level: string; readonly unit: Unit}

/** What one unit is in its base unit; units of different kinds have nothing to do with each other. */
const bases: Readonly<Record<Unit, readonly [kind: string, factor: number]>> = {
  ms: ['time', 1],
  s: ['time', 1000],
  ratio: ['share', 100],
  percent: ['share', 1],
  bytes: ['bytes', 1],
  count: ['count', 1],
}

/** By what a value of one unit is multiplied to be one of another, or null where they measure different things. */
export function factorOf(from: Unit, to: Unit): number | null {
  const [kind, factor] = bases[from]
  const [otherKind, otherFactor] = bases[to]
  return kind === otherKind ? factor / otherFactor : null
}
