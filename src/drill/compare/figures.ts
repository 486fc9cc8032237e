import type {Figure} from '../../core/drill-comparison.ts'
import {judgedPhase} from '../../core/drill-digest.ts'
import type {Quantiles, SeriesPoint} from '../../core/drill-result.ts'
import {shareOf} from '../../core/stats.ts'
import type {BoundVerdict, CheckedVerdict} from '../../core/verdict.ts'
import {boundMetric} from '../../load/measures.ts'
import type {DrillReport} from '../reports/read.ts'
import {trendOf} from '../verdicts.ts'
import {among, between, quantileInterval, shareInterval} from './interval.ts'

/** The share of events that were good by a bound. */
export function shareFigure({drill}: DrillReport, verdict: CheckedVerdict, {level, tally}: BoundVerdict): Figure {
  const {objective, source, status} = verdict
  const share = shareOf(tally)
  const metric = boundMetric(objective, level)
  const seconds = source === 'drill' ? judgedSeconds(drill).flatMap(({within}) => within[metric] ?? []) : []
  return {
    value: share,
    interval: share === null ? null : shareInterval(tally, seconds),
    samples: tally.total,
    status,
  }
}

/** The quantile that a bound promises, or undefined where nothing is known of how it spreads. */
export function quantileFigure(
  report: DrillReport,
  verdict: CheckedVerdict,
  {share}: BoundVerdict,
): Figure | undefined {
  const {measured, source, status} = verdict
  if (!measured || share >= 1) return undefined
  const {value} = measured
  const known = source === 'drill' ? ofLoad(report, verdict, share) : ofProbes(report, verdict)
  if (!known) return undefined
  const interval = quantileInterval({share, value, samples: known.samples}, known.at, known.seconds)
  return interval ? {value, interval, samples: known.samples, status} : undefined
}

interface Known {
  readonly samples: number
  readonly at: (share: number) => number | null
  /** The same quantile of each second. */
  readonly seconds: readonly number[]
}

function ofLoad({drill}: DrillReport, {indicator}: CheckedVerdict, share: number): Known | undefined {
  const trend = trendOf(indicator)
  const values = trend === undefined ? undefined : judgedPhase(drill)?.trends[trend]
  if (!values) return undefined
  const known = Object.entries(values).flatMap(([name, value]): [number, number][] => {
    const percentile = /^p\((.+)\)$/.exec(name)?.[1]
    return percentile === undefined ? [] : [[Number(percentile) / 100, value]]
  })
  const {min, max, count = 0} = values
  const ends: [number, number][] = [
    ...(min === undefined ? [] : [[0, min] as [number, number]]),
    ...(max === undefined ? [] : [[1, max] as [number, number]]),
  ]
  const kind = trend === 'rtt_ms' ? 'rtt' : trend === 'request_ms' ? 'request' : undefined
  const name = ({0.5: 'p50', 0.95: 'p95', 0.99: 'p99'} as Readonly<Record<number, keyof Quantiles>>)[share]
  const seconds = kind && name ? judgedSeconds(drill).flatMap((point) => point[kind]?.[name] ?? []) : []
  return {samples: count, at: between([...known, ...ends]), seconds}
}

function ofProbes({checks}: DrillReport, {indicator, target, checks: names}: CheckedVerdict): Known {
  const values = checks
    .filter((check) => names.includes(check.check) && check.target === target)
    .flatMap(({attempts}) => attempts.flatMap(({events}) => events))
    .flatMap((event) => (event.indicator === indicator && event.ok ? (event.value ?? []) : []))
  return {samples: values.length, at: among(values), seconds: []}
}

function judgedSeconds({series, phases}: DrillReport['drill']): readonly SeriesPoint[] {
  const judged = new Set(phases.filter((phase) => phase.judged).map(({name}) => name))
  return series.filter(({phase}) => judged.has(phase))
}
