import type {Quantiles, SeriesPoint} from '../core/drill-result.ts'

/** One second of several runners as one. Each was told the whole plan, and did its part of it. */
export function addPoints(points: readonly SeriesPoint[]): SeriesPoint {
  const [first] = points
  if (!first || points.length === 1) return first ?? nothing
  const rtt = worst(points.flatMap((point) => point.rtt ?? []))
  const request = worst(points.flatMap((point) => point.request ?? []))
  return {
    ms: Math.max(...points.map(({ms}) => ms)),
    leftMs: Math.min(...points.map(({leftMs}) => leftMs)),
    phase: first.phase,
    plannedSockets: Math.max(...points.map(({plannedSockets}) => plannedSockets)),
    openSockets: sum(points, ({openSockets}) => openSockets),
    roundTrips: sum(points, ({roundTrips}) => roundTrips),
    connects: sum(points, ({connects}) => connects),
    requests: sum(points, ({requests}) => requests),
    errors: mean(points, ({errors}) => errors),
    within: Object.fromEntries(
      [...new Set(points.flatMap(({within}) => Object.keys(within)))].flatMap((metric) => {
        const share = mean(points, ({within}) => within[metric])
        return share === null ? [] : [[metric, share] as const]
      }),
    ),
    ...(rtt && {rtt}),
    ...(request && {request}),
    cpu: known(points, ({cpu}) => cpu),
    memoryBytes: known(points, ({memoryBytes}) => memoryBytes),
  }
}

/** Two points of one runner as one: what happened adds up, what there was is what there was last. */
export function inOneSecond(earlier: SeriesPoint, later: SeriesPoint): SeriesPoint {
  const {openSockets, plannedSockets, cpu, memoryBytes} = later
  return {...addPoints([earlier, later]), openSockets, plannedSockets, cpu, memoryBytes}
}

/** A second of which a runner told nothing: it holds what it held. */
export function unchanged(
  {phase, plannedSockets, openSockets, cpu, memoryBytes, leftMs}: SeriesPoint,
  ms: number,
): SeriesPoint {
  return {...nothing, ms, leftMs, phase, plannedSockets, openSockets, cpu, memoryBytes}
}

const nothing: SeriesPoint = {
  ms: 0,
  leftMs: 0,
  phase: '',
  plannedSockets: 0,
  openSockets: 0,
  roundTrips: 0,
  connects: 0,
  requests: 0,
  errors: null,
  within: {},
  cpu: null,
  memoryBytes: null,
}

function sum(points: readonly SeriesPoint[], of: (point: SeriesPoint) => number): number {
  return points.reduce((total, point) => total + of(point), 0)
}

/** The mean of shares, each by how much happened in it. */
function mean(points: readonly SeriesPoint[], of: (point: SeriesPoint) => number | null | undefined): number | null {
  let [weighed, weights] = [0, 0]
  for (const point of points) {
    const share = of(point)
    const weight = point.roundTrips + point.connects + point.requests
    if (share === null || share === undefined || weight === 0) continue
    weighed += share * weight
    weights += weight
  }
  return weights === 0 ? null : weighed / weights
}

/** The sum of what is known; null where nothing is. */
function known(points: readonly SeriesPoint[], of: (point: SeriesPoint) => number | null): number | null {
  const values = points.flatMap((point) => of(point) ?? [])
  return values.length === 0 ? null : values.reduce((total, value) => total + value, 0)
}

function worst(all: readonly Quantiles[]): Quantiles | undefined {
  if (all.length === 0) return undefined
  const of = (name: keyof Quantiles) => Math.max(...all.map((one) => one[name]))
  return {p50: of('p50'), p95: of('p95'), p99: of('p99'), max: of('max')}
}
