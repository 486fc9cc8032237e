/** The types of both formats; `unknown` is what nobody said, "untyped" in the older one. */
export const familyTypes = [
  'counter',
  'gauge',
  'histogram',
  'summary',
  'info',
  'stateset',
  'gaugehistogram',
  'unknown',
] as const
export type FamilyType = (typeof familyTypes)[number]

export type Labels = Readonly<Record<string, string>>

export interface MetricSample {
  /** With the suffix of its kind: `_total`, `_bucket`, `_sum`, `_count`. */
  readonly name: string
  readonly labels: Labels
  readonly value: number
}

/** One family of an exposition. Counters are named as their samples are, with `_total`, in both formats. */
export interface Family {
  readonly name: string
  readonly type: FamilyType
  readonly samples: readonly MetricSample[]
  /** Something is there, and no number. */
  readonly unreadable?: true
}

export type Families = ReadonlyMap<string, Family>

/** How many series a family has: a histogram with ten buckets is one. */
export function seriesOf({samples}: Family): number {
  // Where nothing but a series' own labels is there, each sample is one: pages of a hundred thousand are common.
  if (!samples.some(({labels}) => 'le' in labels || 'quantile' in labels)) return samples.length
  return new Set(samples.map(({labels}) => keyOf(labels))).size
}

/** The labels that tell series apart. */
function keyOf(labels: Labels): string {
  const own = Object.entries(labels).filter(([name]) => name !== 'le' && name !== 'quantile')
  return JSON.stringify(own.sort(([a], [b]) => (a < b ? -1 : 1)))
}
