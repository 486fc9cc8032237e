import type {Tally} from '../../core/tally.ts'
import {isRecord} from './json.ts'

/** The end-of-test summary of one k6, by the names of its metrics and submetrics (`name{phase:steady}`). */
export interface K6Summary {
  /** Good and total of a Rate; undefined where it is not in the summary, which is a bug and no zero. */
  rate(name: string): Tally | undefined
  counter(name: string): number
  /** Statistics of a Trend by their names ("p(95)", "max"); undefined without a sample. */
  trend(name: string): Readonly<Record<string, number>> | undefined
}

/** Reads what `handleSummary` wrote. Throws for a text that is none. */
export function readSummary(text: string): K6Summary {
  const {metrics} = JSON.parse(text) as {readonly metrics: Readonly<Record<string, unknown>>}
  const valuesOf = (name: string): Readonly<Record<string, number>> | undefined => {
    const metric = Object.hasOwn(metrics, name) ? metrics[name] : undefined
    return isRecord(metric) && isRecord(metric.values) ? (metric.values as Record<string, number>) : undefined
  }
  return {
    rate(name) {
      const values = valuesOf(name)
      if (!values) return undefined
      const {passes = 0, fails = 0} = values
      return {good: passes, total: passes + fails}
    },
    counter: (name) => valuesOf(name)?.count ?? 0,
    trend(name) {
      const values = valuesOf(name)
      return values && (values.count ?? 0) > 0 ? values : undefined
    },
  }
}
