import type {Bound, Objective} from './objective.ts'
import {factorOf, type PrometheusSource} from './prometheus-source.ts'

/** What makes a value good. */
export type Limits = Pick<Bound, 'min' | 'max' | 'strict'>

/** The limits of a bound in the unit of its source: "500 ms" is 0.5 in a histogram of seconds. */
export function limitsIn(source: PrometheusSource, {unit}: Pick<Objective, 'unit'>, bound: Limits): Limits {
  const {min, max, strict} = bound
  const factor = scaleOf(source, unit)
  const convert = (value: number) => Number((value * factor).toPrecision(12)) // 0.2, not 0.20000000000000001
  return {
    ...(min !== undefined && {min: convert(min)}),
    ...(max !== undefined && {max: convert(max)}),
    ...(strict && {strict}),
  }
}

/** By what a value in the objective's unit is multiplied to be one in the source's. */
export function scaleOf(source: PrometheusSource, unit: Objective['unit']): number {
  return unit && 'unit' in source ? (factorOf(unit, source.unit) ?? 1) : 1
}
