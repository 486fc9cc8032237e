import type {Contract} from '../../core/contract.ts'
import type {Objective} from '../../core/objective.ts'
import {limitsIn} from '../../core/limits.ts'
import {needsOf} from '../promql.ts'
import type {LintFinding} from './lint.ts'
import {selectedIn} from './parse-promql.ts'

/** What an objective asks for beyond what the system promises: it may be there all the same. */
export function unpromised(objective: Objective, contract: Contract): LintFinding[] {
  const {id, prometheus: source} = objective
  if (!source) return []
  const at = (message: string): LintFinding => ({path: ['objectives', id, 'prometheus'], message, gravity: 'doubt'})
  const selectors = [...needsOf(source), ...('good' in source ? source.good : 'bad' in source ? source.bad : [])]
  return [
    ...('up' in source ? [] : selectors.flatMap((query) => ofSelector(query, contract))).map(at),
    ...('histogram' in source ? bucketless(objective, source.histogram, contract) : []).map(at),
  ]
}

function ofSelector(query: string, contract: Contract): string[] {
  return selectedIn(query).flatMap(({name, labels}) => {
    const family = contract[name] ?? contract[name.replace(/_(bucket|sum|count)$/, '')]
    if (!family) return [`${name} is not in \`metrics\``]
    const known = Object.keys({...family.labels, ...family.assumed_labels})
    const unknown = labels.filter((label) => !known.includes(label) && !['job', 'instance', 'le'].includes(label))
    return unknown.map((label) => `${name} is not promised to have the label ${label}`)
  })
}

function bucketless(objective: Objective, histogram: string, contract: Contract): string[] {
  const {prometheus: source, bounds} = objective
  const buckets = contract[histogram]?.buckets
  if (!source || !buckets) return []
  const limits = bounds
    .map((bound) => limitsIn(source, objective, bound))
    .flatMap(({min, max}) => [min ?? [], max ?? []].flat())
  return [...new Set(limits)]
    .filter((limit) => !buckets.includes(limit))
    .map((limit) => `${histogram} is promised with the buckets ${buckets.join(', ')}; ${limit} is none of them`)
}
