import type {Contract} from '../../core/contract.ts'
import type {Objective} from '../../core/objective.ts'
import {contradictions} from './contradictions.ts'
import {promqlMistake} from './parse-promql.ts'
import {unpromised} from './unpromised.ts'

/** A query of a profile with the way to it. */
export interface Expression {
  readonly path: readonly (string | number)[]
  readonly query: string
}

/** What is odd about a profile's queries. A mistake cannot work; a doubt may. */
export interface LintFinding {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly gravity: 'mistake' | 'doubt'
}

export interface Linted {
  readonly objectives: readonly Objective[]
  readonly contract: Contract
  /** Every query, those of the objectives included. */
  readonly expressions: readonly Expression[]
}

/** Reads every query of a profile, and holds those of the objectives against what the system promises to export. */
export function lint({objectives, contract, expressions}: Linted): LintFinding[] {
  const unreadable = expressions.flatMap(({path, query}): LintFinding[] => {
    const message = promqlMistake(query)
    return message === null ? [] : [{path, message, gravity: 'mistake'}]
  })
  const broken = new Set(unreadable.map(({path}) => path[1]))
  return [
    ...unreadable,
    ...objectives
      .filter(({id, sources}) => sources.includes('prometheus') && !broken.has(id))
      .flatMap((objective) => [...contradictions(objective, contract), ...unpromised(objective, contract)]),
  ]
}
