import {sum} from '../core/stats.ts'
import type {DrillEnd, SeriesPoint} from '../core/drill-result.ts'
import {addTallies} from '../core/tally.ts'
import {addPoints, inOneSecond, unchanged} from './add-points.ts'
import type {Generated} from './generator.ts'
import type {Measured} from './measured.ts'

/**
 * What several generators found that shared out one load, as if it were one: whatever started them, and wherever.
 * Events add up. Percentiles do not: the worst of all stands for them, and their range is kept. `ended` says how the
 * whole came to its end.
 */
export function addRunners(runners: readonly Generated[], ended: DrillEnd): Generated {
  const measured = runners.flatMap((runner) => runner.measured ?? [])
  return {
    end: ended,
    startedAt: Math.min(...runners.map(({startedAt}) => startedAt)),
    measured: measured.length === 0 ? undefined : addMeasured(measured),
    series: addSeries(runners.map(({series}) => series)),
    fds: mostFiles(runners),
    exceptions: sum(runners.map(({exceptions}) => exceptions)),
    failures: Object.assign({}, ...runners.map(({failures}) => failures).reverse()) as Generated['failures'],
  }
}

/** The sum of what was measured. */
function addMeasured(all: readonly Measured[]): Measured {
  const trendsOf = (name: string) => all.map((one) => one.trend(name)).filter((trend) => trend !== undefined)
  return {
    rate(name) {
      const tallies = all.flatMap((one) => one.rate(name) ?? [])
      return tallies.length < all.length ? undefined : addTallies(tallies)
    },
    counter: (name) => sum(all.map((one) => one.counter(name))),
    trend(name) {
      const trends = trendsOf(name)
      const [first] = trends
      if (!first) return undefined
      const statistics = Object.keys(first).map((statistic) => [statistic, addStatistic(statistic, trends)] as const)
      return Object.fromEntries(statistics)
    },
    ranges(name) {
      const trends = trendsOf(name)
      const [first] = trends
      if (!first || trends.length < 2) return undefined
      const ranges = Object.keys(first).map((statistic) => {
        const values = trends.map((trend) => trend[statistic] ?? 0)
        return [statistic, [Math.min(...values), Math.max(...values)]] as const
      })
      return Object.fromEntries(ranges)
    },
  }
}

/** Series of the same second, added up. */
export function addSeries(all: readonly (readonly SeriesPoint[])[]): SeriesPoint[] {
  const runners = all.map(bySecond)
  const seconds = [...new Set(runners.flatMap((runner) => [...runner.keys()]))].sort((a, b) => a - b)
  return seconds.map((second) => addPoints(runners.flatMap((runner) => runner.get(second) ?? [])))
}

/**
 * The points of one runner by the second that they tell of, counted from its first: each has a beat of its own. A busy
 * one tells late: twice in a second, or not at all.
 */
function bySecond(series: readonly SeriesPoint[]): Map<number, SeriesPoint> {
  const seconds = new Map<number, SeriesPoint>()
  const firstMs = series[0]?.ms ?? 0
  const first = Math.round(firstMs / 1000)
  let last = first
  for (const point of series) {
    const second = first + Math.round((point.ms - firstMs) / 1000)
    const before = seconds.get(last)
    for (let gap = last + 1; before && gap < second; gap++) seconds.set(gap, unchanged(before, gap * 1000))
    const same = seconds.get(second)
    seconds.set(second, same ? inOneSecond(same, point) : point)
    last = second
  }
  return seconds
}

function addStatistic(statistic: string, trends: readonly Readonly<Record<string, number>>[]): number {
  const values = trends.map((trend) => trend[statistic] ?? 0)
  if (statistic === 'count') return sum(values)
  if (statistic === 'min') return Math.min(...values)
  if (statistic !== 'avg') return Math.max(...values)
  const counts = trends.map(({count = 1}) => count)
  return sum(values.map((value, index) => value * (counts[index] ?? 1))) / sum(counts)
}

/** Each has a limit of its own: the one that is nearest to it counts. */
function mostFiles(runners: readonly Generated[]): Generated['fds'] {
  const known = runners.flatMap(({fds}) => fds ?? [])
  return known.toSorted((a, b) => b.open / b.max - a.open / a.max)[0]
}
