import {quantile} from '../../core/stats.ts'
import {tally} from '../../core/tally.ts'
import type {Unit} from '../../core/prometheus-source.ts'
import {limitsIn, scaleOf} from '../../core/limits.ts'
import {nothing, type Measure} from './question.ts'

/** Prometheus refuses more than 11 000 points a series. */
const MOST_STEPS = 10_000

/** Every time step is one slice. A step without a number (no traffic: 0/0) is none, for nothing is known of it. */
export const measureLevel: Measure<{level: string; unit: Unit}> = async (prometheus, question) => {
  const {objective, from, to} = question
  const {prometheus: source, bounds, unit} = objective
  const stepMs = Math.max(question.stepMs, Math.ceil((to - from) / MOST_STEPS))
  const series = await prometheus.range(source.level, {from: from + stepMs, to, stepMs})
  const measured = series.map(({labels, points}) => ({
    labels,
    values: points.map(([, value]) => value).filter((value) => !Number.isNaN(value)),
  }))
  const known = measured.filter(({values}) => values.length > 0)
  if (known.length === 0)
    return [nothing(question, prometheus.display, `no data: ${source.level} has no value in the window`)]
  const promised = bounds.find(({level}) => level === 'target') ?? bounds[0]
  return known.map(({labels, values}) => {
    const events = values.map((value) => ({indicator: objective.indicator, ok: true, value}))
    const value = promised && quantile(values, promised.share)
    return {
      target: Object.values(labels).join(' ') || prometheus.display,
      tallies: bounds.map((bound) => tally(events, limitsIn(source, objective, bound))),
      notes:
        objective.kind === 'events'
          ? ['as reported: a percentile that the system computed, one slice a time step']
          : [],
      ...(value !== undefined && value !== null && {value: value / scaleOf(source, unit)}),
    }
  })
}
