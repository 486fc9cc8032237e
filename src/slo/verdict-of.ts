import {judge} from '../core/judge.ts'
import type {Objective, Source} from '../core/objective.ts'
import {runbookOf, type CheckedVerdict} from '../core/verdict.ts'
import type {Finding} from './measure/question.ts'

interface Judging {
  readonly source: Source
  readonly checks: readonly string[]
  readonly strict: boolean
  readonly window?: CheckedVerdict['window']
}

/** The judge's word on a finding, with what a reader wants beside it. What is unknown of one bound is a note beside the others. */
export function verdictOf(
  objective: Objective,
  finding: Finding,
  {source, checks, strict, window}: Judging,
): CheckedVerdict {
  const {target, tallies, value, notes, unknown, doubtful} = finding
  const verdict = judge(objective, {target, source, tallies}, strict)
  const status = doubtful ? 'inconclusive' : verdict.status
  const why = status === 'inconclusive' ? (unknown ?? verdict.why) : undefined
  const told = unknown !== undefined && why === undefined ? [...notes, unknown] : notes
  const runbook = runbookOf(verdict.bounds)
  return {
    ...verdict,
    status,
    title: objective.title ?? objective.id,
    checks,
    indicator: objective.indicator,
    measured: value === undefined || !objective.unit ? null : {value, unit: objective.unit},
    ...(window && {window}),
    ...(why !== undefined && {why}),
    ...(told.length > 0 && {notes: told}),
    ...(status !== 'pass' && runbook && {runbook}),
  }
}
