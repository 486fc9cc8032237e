/** One cumulative bucket of a histogram: how many values were at most `le`. */
export interface Bucket {
  readonly le: number
  readonly count: number
  /** In how many of the series that were added up it stands. */
  readonly series: number
}

interface Labelled {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Buckets by their upper bound, in order. "200" and "200.0" are one: exporters disagree on how to write a number. */
export function bucketsIn(counts: readonly Labelled[], series: readonly Labelled[]): Bucket[] {
  const sum = (samples: readonly Labelled[], le: number) =>
    samples.reduce((total, {labels, value}) => (boundOf(labels) === le ? total + value : total), 0)
  const bounds = [...new Set(counts.map(({labels}) => boundOf(labels)))].filter((le) => !Number.isNaN(le))
  return bounds.sort((a, b) => a - b).map((le) => ({le, count: sum(counts, le), series: sum(series, le)}))
}

function boundOf({le = 'NaN'}: Readonly<Record<string, string>>): number {
  return Number(le.replace(/^\+?Inf$/, 'Infinity'))
}

/** How many values were at most `limit`; undefined where that is no bucket of every series. */
export function countUpTo(buckets: readonly Bucket[], limit: number): number | undefined {
  const bucket = buckets.find(({le}) => isSame(le, limit))
  return bucket?.series === buckets.at(-1)?.series ? bucket?.count : undefined
}

/** A bound of 0.1 + 0.2 was meant to be 0.3. */
function isSame(a: number, b: number): boolean {
  return a === b || (Number.isFinite(a) && Math.abs(a - b) <= 1e-9 * Math.abs(b))
}

/** Why a limit cannot be judged: the buckets on either side of it, or the series that lack it. */
export function neighboursOf(buckets: readonly Bucket[], limit: number): string {
  const bucket = buckets.find(({le}) => isSame(le, limit))
  if (bucket) return `${bucket.series} of ${buckets.at(-1)?.series ?? 0} series have a bucket at ${limit}`
  const lower = buckets.findLast(({le}) => le < limit)
  const upper = buckets.find(({le}) => le > limit)
  const between = [lower, upper].flatMap((one) => (one ? [one.le === Infinity ? '+Inf' : String(one.le)] : []))
  return `no bucket ends at ${limit}: it lies ${between.length === 2 ? `between ${between.join(' and ')}` : `below ${between.join('')}`}`
}

/** The value at a share, interpolated as histogram_quantile does: for display, never for a verdict. */
export function quantileOf(buckets: readonly Bucket[], share: number): number | undefined {
  const rank = share * (buckets.at(-1)?.count ?? 0)
  const index = buckets.findIndex(({count}) => count >= rank)
  const bucket = buckets[index]
  if (rank === 0 || !bucket) return undefined
  const below = buckets[index - 1] ?? {le: 0, count: 0}
  if (bucket.le === Infinity) return below.le
  const inside = bucket.count - below.count
  return inside === 0 ? bucket.le : below.le + ((bucket.le - below.le) * (rank - below.count)) / inside
}
