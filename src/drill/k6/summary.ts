import type {Tally} from '../../core/tally.ts'
import {tallyMetrics} from '../../load/measures.ts'
import type {Measured} from '../measured.ts'
import {isJsonObject} from '../../core/json.ts'

/** The end-of-test summary of one k6, as `handleSummary` wrote it. Throws for a text that is none. */
export function readSummary(text: string): Measured {
  const {metrics} = JSON.parse(text) as {readonly metrics: Readonly<Record<string, unknown>>}
  const valuesOf = (name: string): Readonly<Record<string, number>> | undefined => {
    const metric = Object.hasOwn(metrics, name) ? metrics[name] : undefined
    return isJsonObject(metric) && isJsonObject(metric.values) ? (metric.values as Record<string, number>) : undefined
  }
  const tallyOf = (name: string): Tally | undefined => {
    const [, base = name, tags = ''] = /^(\w+)(\{.*)$/.exec(name) ?? []
    const {events, bad} = tallyMetrics(base)
    const [total, missed] = [valuesOf(events + tags)?.count, valuesOf(bad + tags)?.count]
    return total === undefined || missed === undefined ? undefined : {good: total - missed, total}
  }
  return {
    rate(name) {
      const values = valuesOf(name)
      if (!values) return tallyOf(name)
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
