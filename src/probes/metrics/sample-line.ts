import type {Labels, MetricSample} from './family.ts'

const name = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const open = /\s*\{/y
const close = /\s*\}/y
const labelPair = /\s*([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\\n]|\\.)*)"\s*(,|(?=\}))/y
const rest = /[ \t]+([^\s#]+)(?:[ \t]+(-?[\d.eE+-]+))?[ \t]*(?:#[ \t]*\{.*)?$/y

/** One line of a sample, `name{label="value"} 1 [time] [# exemplar]`, or what was expected at which character. */
export function parseSample(line: string): MetricSample | string {
  const found = matchAt(name, line, 0)
  if (!found) return expected('the name of a metric', line, 0)
  const labels = parseLabels(line, name.lastIndex)
  if (typeof labels === 'string') return labels
  const end = matchAt(rest, line, labels.end)
  const value = end ? parseValue(end[1] ?? '') : undefined
  if (value === undefined) return expected('a value', line, labels.end)
  return {name: found[0], labels: labels.labels, value}
}

function parseLabels(line: string, begin: number): {labels: Labels; end: number} | string {
  if (!matchAt(open, line, begin)) return {labels: {}, end: begin}
  const labels: Record<string, string> = {}
  let at = open.lastIndex
  while (!matchAt(close, line, at)) {
    const pair = matchAt(labelPair, line, at)
    if (!pair) return expected('label="value"', line, at)
    const [, label = '', value = ''] = pair
    if (Object.hasOwn(labels, label)) return `expected each label once, got ${label} twice`
    labels[label] = unescape(value)
    at = labelPair.lastIndex
  }
  return {labels, end: close.lastIndex}
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function unescape(text: string): string {
  if (!text.includes('\\')) return text
  return text.replace(/\\(.)/g, (_whole, character: string) => (character === 'n' ? '\n' : character))
}

function parseValue(text: string): number | undefined {
  const plain = Number(text)
  if (!Number.isNaN(plain)) return plain
  if (/^[+-]?inf(inity)?$/i.test(text)) return text.startsWith('-') ? -Infinity : Infinity
  return /^nan$/i.test(text) ? NaN : undefined
}

function expected(what: string, line: string, at: number): string {
  return `expected ${what} at character ${at + 1}, got "${line.slice(at, at + 30) || 'the end of the line'}"`
}
