import {ProbeFailure} from '../../core/errors.ts'
import {excerpt} from '../excerpt.ts'
import {familyTypes, type Families, type FamilyType, type MetricSample} from './family.ts'
import {parseSample} from './sample-line.ts'

const suffixes: Readonly<Partial<Record<FamilyType, readonly string[]>>> = {
  counter: ['_total', '_created'],
  histogram: ['_bucket', '_sum', '_count', '_created'],
  gaugehistogram: ['_bucket', '_gsum', '_gcount'],
  summary: ['_sum', '_count', '_created'],
  info: ['_info'],
}

/**
 * Reads the text format of Prometheus (0.0.4) or OpenMetrics (1.0), which ends in `# EOF`. Throws `metrics_malformed` with the
 * line at the first one that is neither.
 */
export function parseText(text: string, {openMetrics}: {openMetrics: boolean}): Families {
  const types = new Map<string, FamilyType>()
  const samples: MetricSample[] = []
  const lines = text.split('\n')
  let ended = false
  for (const [index, written] of lines.entries()) {
    const line = written.endsWith('\r') ? written.slice(0, -1) : written
    if (line.trim() === '') continue
    const malformed = (message: string) =>
      new ProbeFailure('metrics_malformed', `line ${index + 1}: ${excerpt(message, 200)}`)
    if (ended) throw malformed('expected nothing behind # EOF')
    if (line.startsWith('#')) {
      const [, keyword, family, rest = ''] = /^#\s+(TYPE|EOF)(?:\s+(\S+)\s+(\S+)\s*)?$/.exec(line) ?? []
      if (keyword === 'EOF') ended = openMetrics
      if (keyword !== 'TYPE' || family === undefined) continue
      const type = typeNamed(rest)
      if (!type) throw malformed(`expected a type such as counter, got "${rest}"`)
      if (types.has(family)) throw malformed(`expected one type of ${family}, got another`)
      types.set(family, type)
      continue
    }
    const sample = parseSample(line)
    if (typeof sample === 'string') throw malformed(sample)
    samples.push(sample)
  }
  if (openMetrics && !ended)
    throw new ProbeFailure('metrics_malformed', 'expected # EOF as the last line, got none: the answer was cut')
  return grouped(types, samples)
}

function typeNamed(text: string): FamilyType | undefined {
  return text === 'untyped' ? 'unknown' : familyTypes.find((type) => type === text)
}

function grouped(types: ReadonlyMap<string, FamilyType>, samples: readonly MetricSample[]): Families {
  const byFamily = Map.groupBy(samples, ({name}) => familyOf(name, types))
  const names = new Set([...types.keys(), ...byFamily.keys()])
  return new Map(
    [...names].map((family) => {
      const type = types.get(family) ?? 'unknown'
      // OpenMetrics names the counter `requests` and its sample `requests_total`; Prometheus calls both by the latter.
      const name = type === 'counter' && !family.endsWith('_total') ? countedName(family, byFamily.get(family)) : family
      return [
        name,
        {name, type, samples: (byFamily.get(family) ?? []).filter((sample) => !sample.name.endsWith('_created'))},
      ]
    }),
  )
}

/** Counters without `_total` are common in the older format, and allowed there. */
function countedName(family: string, samples: readonly MetricSample[] = []): string {
  return samples.some(({name}) => name === family) ? family : `${family}_total`
}

function familyOf(name: string, types: ReadonlyMap<string, FamilyType>): string {
  if (types.has(name)) return name
  for (const [type, endings = []] of Object.entries(suffixes)) {
    for (const ending of endings) {
      const family = name.slice(0, -ending.length)
      if (name.endsWith(ending) && types.get(family) === type) return family
    }
  }
  return name
}
