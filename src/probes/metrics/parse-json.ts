import {ProbeFailure} from '../../core/errors.ts'
import type {Contract, PromisedFamily} from '../../core/contract.ts'
import {parseJsonPath, readJsonPath} from '../../core/json-path.ts'
import type {Json} from '../../core/json.ts'
import {excerpt} from '../excerpt.ts'
import type {Families, Family, MetricSample} from './family.ts'

const LONGEST_LABEL = 200

/**
 * Numbers of a JSON document under the names that the contract maps them to: a number, a text such as "0.93%", or an
 * object of numbers, whose keys become the first promised label. What has no path in the contract is left alone.
 */
export function parseJson(body: string, contract: Contract): Families {
  const document = parsed(body)
  const mapped = Object.entries(contract).flatMap(([name, promised]) => {
    const path = promised.json === undefined ? null : parseJsonPath(promised.json)
    const value = path && readJsonPath(document, path)
    if (value === null || value === undefined) return []
    const samples = samplesIn(name, promised, value)
    const family: Family = {name, type: promised.type, samples: samples ?? [], ...(!samples && {unreadable: true})}
    return [[name, family] as const]
  })
  return new Map(mapped)
}

/** None where nothing was counted yet, as in `{}`; null where the value is no number and no object of numbers. */
function samplesIn(name: string, {labels = {}}: PromisedFamily, value: Json): MetricSample[] | null {
  const single = numberIn(value)
  if (single !== undefined) return [{name, labels: {}, value: single}]
  const [label] = Object.keys(labels)
  if (typeof value !== 'object' || value === null || Array.isArray(value) || label === undefined) return null
  const byLabel = new Map(Object.entries(value).map(([key, item]) => [labelValue(key), numberIn(item)]))
  const samples = [...byLabel].flatMap(([key, number]) =>
    number === undefined ? [] : [{name, labels: {[label]: key}, value: number}],
  )
  return samples.length > 0 || byLabel.size === 0 ? samples : null
}

/** A key as Prometheus takes it: UTF-8, and no page of text. Of keys that are alike then, the last one counts. */
function labelValue(key: string): string {
  return key.slice(0, LONGEST_LABEL).toWellFormed()
}

function numberIn(value: Json): number | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || !/^-?\d+(\.\d+)?\s*%?$/.test(value.trim())) return undefined
  return Number.parseFloat(value)
}

function parsed(body: string): Json {
  try {
    return JSON.parse(body) as Json
  } catch (cause) {
    throw new ProbeFailure('metrics_malformed', `expected JSON, got "${excerpt(body)}"`, {cause})
  }
}
