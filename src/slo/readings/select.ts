import {compilePattern} from '../../dialect/pattern.ts'
import type {Reading} from './reading.ts'

type Labels = Readonly<Record<string, string>>
type Matches = (labels: Labels) => boolean

/** What a selector such as `http_requests_total{status=~"5.."}` picks of a reading. */
export function select(selector: string, {samples}: Reading): Reading['samples'] {
  const [, name, , inside = ''] = /^\s*([a-zA-Z_:][\w:]*)\s*(\{(.*)\})?\s*$/s.exec(selector) ?? []
  const matchers = [...inside.matchAll(/([a-zA-Z_]\w*)\s*(=~|!~|!=|=)\s*"((?:[^"\\]|\\.)*)"/g)].map(matcherOf)
  return samples.filter((sample) => sample.name === name && matchers.every((matches) => matches(sample.labels)))
}

function matcherOf([, label = '', sign, written = '']: RegExpMatchArray): Matches {
  const value = written.replace(/\\(.)/g, (_whole, character: string) => (character === 'n' ? '\n' : character))
  const own = (labels: Labels) => labels[label] ?? ''
  if (sign === '=') return (labels) => own(labels) === value
  if (sign === '!=') return (labels) => own(labels) !== value
  const pattern = compilePattern(`^(?:${value})$`)
  return sign === '=~' ? (labels) => pattern.test(own(labels)) : (labels) => !pattern.test(own(labels))
}

/** By how much each series of a selector grew between two readings. One that fell began anew, as Prometheus sees it. */
export function growth(selector: string, first: Reading, last: Reading): {labels: Labels; value: number}[] {
  const before = new Map(select(selector, first).map(({labels, value}) => [keyOf(labels), value]))
  return select(selector, last).map(({labels, value}) => {
    const old = before.get(keyOf(labels)) ?? 0
    return {labels, value: value >= old ? value - old : value}
  })
}

function keyOf(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)))
}
