import type {Reading} from './reading.ts'
import {growth, select} from './select.ts'

const reductions: Readonly<Record<string, (values: readonly number[]) => number>> = {
  sum: (values) => values.reduce((sum, value) => sum + value, 0),
  max: (values) => Math.max(...values),
  min: (values) => Math.min(...values),
  avg: (values) => values.reduce((sum, value) => sum + value, 0) / values.length,
}

const shape = /^\s*(?:([\d.]+)\s*\*\s*)?(sum|max|min|avg)\s*\((?:\s*(rate)\s*\((.+)\[\w+\]\s*\)|(.+))\)\s*$/s

/**
 * The values of a level by readings alone: one a reading for what is a gauge, one between the first and the last for a
 * rate. Null where the query asks for more than a page of metrics can tell.
 */
export function levelsIn(query: string, readings: readonly Reading[]): number[] | null {
  const [, factor = '1', reduction = '', rate, rated = '', plain = ''] = shape.exec(query) ?? []
  const reduce = reductions[reduction]
  if (!reduce || /[()[\]]/.test(plain.replace(/"[^"]*"/g, ''))) return null
  const scaled = (values: readonly number[]) => (values.length === 0 ? [] : [reduce(values) * Number(factor)])
  if (!rate) return readings.flatMap((reading) => scaled(select(plain, reading).map(({value}) => value)))
  const [first, last] = [readings[0], readings.at(-1)]
  if (!first || !last || first === last) return []
  const seconds = (last.at - first.at) / 1000
  return scaled(growth(rated, first, last).map(({value}) => value / seconds))
}
