import type {DrillPhase, DrillResult, Quantiles, SeriesPoint} from '../core/drill-result.ts'
import type {LoadPoint} from '../core/knee.ts'
import {wordsOf} from '../core/load-words.ts'
import {quantile} from '../core/stats.ts'
import {measures} from '../load/measures.ts'

/** Latency and errors at one level of load. */
export interface CapacityPoint extends LoadPoint {
  readonly p50: number | null
  readonly p99: number | null
}

export interface CapacityCurve {
  /** What was offered, "planned sockets": a server that takes no more sockets would hide how much more there was. */
  readonly load: string
  readonly latency: 'round trip' | 'request'
  /** Of whole steps with their exact quantiles, or of seconds put together by their load. */
  readonly from: 'steps' | 'seconds'
  readonly points: readonly CapacityPoint[]
}

const MOST_LEVELS = 12
const FEWEST_LEVELS = 3
const FEWEST_SECONDS = 2

/** How latency and errors depend on the load, by sockets where there are any. Load that goes down is left out: queues are still full then. */
export function capacityOf(drill: DrillResult): CapacityCurve {
  const sockets = drill.series.some(({plannedSockets}) => plannedSockets > 0)
  const kind = sockets ? 'rtt' : 'request'
  const points = rising(drill)
  const loadAt = ({plannedSockets, requests}: SeriesPoint) => (sockets ? plannedSockets : requests)
  const steps = stepsOf(drill)
  const curve = {
    load: sockets ? `planned ${wordsOf(drill).clients}` : 'requests a second',
    latency: sockets ? ('round trip' as const) : ('request' as const),
  }
  if (steps.length >= FEWEST_LEVELS) {
    const levels = steps.flatMap((phase) => {
      const seconds = points.filter((point) => point.phase === phase.name)
      return seconds.length === 0 ? [] : [ofStep(phase, {kind, seconds, load: mean(seconds.map(loadAt))})]
    })
    return {...curve, from: 'steps', points: levels}
  }
  const most = Math.max(0, ...points.map(loadAt))
  const size = Math.min(MOST_LEVELS, Math.max(FEWEST_LEVELS, Math.floor(points.length / 6)))
  const levels = Map.groupBy(
    points.filter((point) => loadAt(point) > 0),
    (point) => Math.min(size - 1, Math.floor((loadAt(point) / most) * size)),
  )
  const enough = [...levels.values()].filter((seconds) => seconds.length >= FEWEST_SECONDS)
  const found = enough.map((seconds) => ofSeconds(seconds, {kind, load: mean(seconds.map(loadAt))}))
  return {...curve, from: 'seconds', points: found.toSorted((a, b) => a.load - b.load)}
}

/** Up to the end of the last judged phase, without the warm-up: a cold server is slow at any load. */
function rising({series, phases}: DrillResult): SeriesPoint[] {
  const endMs = phases.findLast(({judged}) => judged)?.endMs ?? Infinity
  return series.filter(({ms, phase}) => ms <= endMs && phase !== 'warm-up')
}

/** Phases of constant load, each higher than the one before. */
function stepsOf({phases}: DrillResult): DrillPhase[] {
  const level = phases.filter(({from, to, name}) => from === to && to > 0 && name !== 'warm-up')
  return level.filter(({to}, index) => index === 0 || to > (level[index - 1]?.to ?? 0))
}

interface Level {
  readonly kind: 'rtt' | 'request'
  readonly load: number
}

function ofStep({trends}: DrillPhase, {kind, seconds, load}: Level & {seconds: readonly SeriesPoint[]}): CapacityPoint {
  const values = trends[kind === 'rtt' ? measures.rttMs : measures.requestMs]
  const [p50 = null, ms = null, p99 = null] = ['p(50)', 'p(95)', 'p(99)'].map((name) => values?.[name])
  return {load, p50, ms, p99, errors: errorsOf(seconds)}
}

function ofSeconds(seconds: readonly SeriesPoint[], {kind, load}: Level): CapacityPoint {
  const median = (pick: (quantiles: Quantiles) => number) =>
    quantile(
      seconds.flatMap((second) => {
        const quantiles = second[kind]
        return quantiles ? [pick(quantiles)] : []
      }),
      0.5,
    )
  return {
    load,
    p50: median(({p50}) => p50),
    ms: median(({p95}) => p95),
    p99: median(({p99}) => p99),
    errors: errorsOf(seconds),
  }
}

/** The share of what ended in these seconds that failed, each second by how much ended in it. */
export function errorsOf(seconds: readonly SeriesPoint[]): number | null {
  const weight = ({roundTrips, connects, requests}: SeriesPoint) => roundTrips + connects + requests
  const known = seconds.filter(({errors}) => errors !== null)
  const all = known.reduce((sum, second) => sum + weight(second), 0)
  return all === 0 ? null : known.reduce((sum, second) => sum + (second.errors ?? 0) * weight(second), 0) / all
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
