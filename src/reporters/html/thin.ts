import type {Quantiles, SeriesPoint} from '../../core/drill-result.ts'

const MOST = 300

export interface Thinned {
  readonly series: readonly SeriesPoint[]
  /** Seconds that one point stands for. */
  readonly seconds: number
}

/**
 * A long series in few points: levels and rates by their mean, what is bad by its worst, so that a bad second does not
 * get lost in an hour.
 */
export function thinned(series: readonly SeriesPoint[], most = MOST): Thinned {
  const seconds = Math.ceil(series.length / most)
  if (seconds <= 1) return {series, seconds: 1}
  const groups = Map.groupBy(series.entries(), ([index]) => Math.floor(index / seconds))
  return {seconds, series: [...groups.values()].map((group) => joined(group.map(([, point]) => point)))}
}

function joined(points: readonly SeriesPoint[]): SeriesPoint {
  const [first] = points
  if (!first) throw new RangeError('expected some points, got none')
  const mean = (pick: (point: SeriesPoint) => number) =>
    points.reduce((sum, point) => sum + pick(point), 0) / points.length
  const most = (pick: (point: SeriesPoint) => number | null) => {
    const known = points.flatMap((point) => pick(point) ?? [])
    return known.length === 0 ? null : Math.max(...known)
  }
  const names = [...new Set(points.flatMap(({within}) => Object.keys(within)))]
  const rtt = worst(points.flatMap(({rtt: quantiles}) => quantiles ?? []))
  const request = worst(points.flatMap(({request: quantiles}) => quantiles ?? []))
  return {
    ms: first.ms,
    leftMs: first.leftMs,
    phase: first.phase,
    plannedSockets: mean(({plannedSockets}) => plannedSockets),
    openSockets: mean(({openSockets}) => openSockets),
    roundTrips: mean(({roundTrips}) => roundTrips),
    connects: mean(({connects}) => connects),
    requests: mean(({requests}) => requests),
    errors: most(({errors}) => errors),
    within: Object.fromEntries(
      names.map((name) => [name, Math.min(...points.flatMap(({within}) => within[name] ?? []))]),
    ),
    ...(rtt && {rtt}),
    ...(request && {request}),
    cpu: most(({cpu}) => cpu),
    memoryBytes: most(({memoryBytes}) => memoryBytes),
  }
}

function worst(quantiles: readonly Quantiles[]): Quantiles | undefined {
  if (quantiles.length === 0) return undefined
  const most = (name: keyof Quantiles) => Math.max(...quantiles.map((one) => one[name]))
  return {p50: most('p50'), p95: most('p95'), p99: most('p99'), max: most('max')}
}
