import {bucketsIn, countUpTo, neighboursOf} from '../../core/buckets.ts'
import type {Contract, PromisedFamily} from '../../core/contract.ts'
import {seriesOf, type Families, type Family} from './family.ts'

/** What one family of the contract turned out to be. */
export interface ContractFinding {
  readonly family: string
  /** What was promised and is not so. */
  readonly broken: readonly string[]
  /** What is odd and breaks no promise. */
  readonly doubts: readonly string[]
}

export interface ContractRules {
  /** Above so many series a family is too much for Prometheus. */
  readonly maxSeries: number
}

/** The families that must be there: what is mapped from JSON, or what the document itself lists. */
export function required(contract: Contract): string[] {
  return Object.entries(contract)
    .filter(([, {json, assumed}]) => json !== undefined || assumed === undefined)
    .map(([name]) => name)
}

/** Holds an exposition against what was promised, family by family. */
export function checkContract(families: Families, contract: Contract, rules: ContractRules): ContractFinding[] {
  const must = new Set(required(contract))
  return Object.entries(contract).map(([name, promised]) => {
    const family = families.get(name)
    if (!family) return absent(name, promised, must.has(name))
    const doubts = [
      ...limitsBetween(family, promised),
      ...assumedLabels(family, promised),
      ...foreignLabels(family, promised),
      ...crowd(family, rules),
      ...unknownValues(family, promised),
      ...twice(family),
    ]
    return {family: name, broken: brokenIn(family, promised), doubts}
  })
}

function absent(family: string, {json}: PromisedFamily, must: boolean): ContractFinding {
  const where = json === undefined ? '' : ` at ${json}`
  if (must) return {family, broken: [`expected ${family}${where}, got no such family`], doubts: []}
  return {family, broken: [], doubts: [`${family} is not there; that it should be is assumed`]}
}

function brokenIn({name, type, samples, unreadable}: Family, promised: PromisedFamily): string[] {
  const wrongType = type !== promised.type && type !== 'unknown'
  const lacking = lackingOf(samples, promised.labels)
  const found = bucketsOf(samples)
  const buckets = (promised.buckets ?? []).filter((bound) => found.length > 0 && !found.includes(bound))
  return [
    ...(wrongType ? [`expected ${name} to be a ${promised.type}, got a ${type}`] : []),
    ...(unreadable ? [`expected a number of ${name} at ${promised.json ?? '?'}, got something else`] : []),
    ...lacking.map((label) => `expected ${name} with the label ${label}, got a series without`),
    ...buckets.map((bound) => `expected a bucket of ${name} at ${bound}, got ${found.join(', ')}`),
  ]
}

function lackingOf(samples: Family['samples'], wanted: PromisedFamily['labels'] = {}): string[] {
  return Object.keys(wanted).filter((label) => samples.some(({labels}) => !Object.hasOwn(labels, label)))
}

function assumedLabels({name, samples}: Family, {assumed_labels: assumed}: PromisedFamily): string[] {
  return lackingOf(samples, assumed).map((label) => `${name} lacks the label ${label}, which a query asks for`)
}

/** Limits of objectives that no bucket ends at: of these Prometheus cannot tell. */
function limitsBetween({name, samples}: Family, {limits = []}: PromisedFamily): string[] {
  const counts = samples.filter((sample) => sample.name === `${name}_bucket`)
  const buckets = bucketsIn(
    counts,
    counts.map((sample) => ({...sample, value: 1})),
  )
  if (buckets.length === 0) return []
  return limits
    .filter((limit) => countUpTo(buckets, limit) === undefined)
    .map((limit) => `${name} cannot tell an objective's limit: ${neighboursOf(buckets, limit)}`)
}

function bucketsOf(samples: Family['samples']): number[] {
  const bounds = samples.flatMap(({labels: {le}}) =>
    le === undefined ? [] : [Number(le.replace(/^\+?Inf$/, 'Infinity'))],
  )
  return [...new Set(bounds)].sort((a, b) => a - b)
}

function foreignLabels(
  {name, type, samples}: Family,
  {labels = {}, assumed_labels: assumed = {}}: PromisedFamily,
): string[] {
  const known = new Set([
    ...Object.keys(labels),
    ...Object.keys(assumed),
    ...(type === 'histogram' ? ['le'] : []),
    ...(type === 'summary' ? ['quantile'] : []),
  ])
  const foreign = new Set(samples.flatMap((sample) => Object.keys(sample.labels)).filter((label) => !known.has(label)))
  return [...foreign].map((label) => `${name} has the label ${label}, which nobody promised`)
}

/** An id of somebody or something makes a series of each: the servers of Prometheus die of it. */
function crowd(family: Family, {maxSeries}: ContractRules): string[] {
  const series = seriesOf(family)
  const ids = new Set(
    family.samples.flatMap(({labels}) => Object.keys(labels)).filter((label) => /(^|_)(id|uuid|email|ip)$/.test(label)),
  )
  return [
    ...(series > maxSeries ? [`${family.name} has ${series} series, more than ${maxSeries}`] : []),
    ...[...ids].map((label) => `${family.name} has a series for each ${label}: ids belong into logs`),
  ]
}

/** Prometheus takes the first of two samples of one series, and warns in a log that nobody reads. */
function twice({name, samples}: Family): string[] {
  const keys = samples.map((sample) => JSON.stringify([sample.name, Object.entries(sample.labels).sort()]))
  return new Set(keys).size < keys.length ? [`${name} has a series twice; Prometheus takes the first`] : []
}

function unknownValues({name, samples}: Family, {labels = {}}: PromisedFamily): string[] {
  return Object.entries(labels).flatMap(([label, known]) => {
    const unknown = new Set(
      samples.map((sample) => sample.labels[label]).filter((value) => value !== undefined && !known.includes(value)),
    )
    return known.length > 0 && unknown.size > 0
      ? [
          `${name} has ${unknown.size} values of ${label} beyond those that are promised, such as "${[...unknown][0] ?? ''}"`,
        ]
      : []
  })
}
