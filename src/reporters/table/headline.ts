import {formatMs} from '../../core/duration.ts'
import type {Report} from '../../core/report.ts'
import {statuses} from '../../core/status.ts'
import {nameOf} from './rows.ts'
import {causeOf, troublesOf} from './troubles.ts'

/** The first line: the verdict, and for whoever is woken by it the layer that broke and the runbook. */
export function headline(report: Report): string {
  const {status, run, verdicts} = report
  const begin = `${status.toUpperCase()}  ${run.profile}:`
  const kept = verdicts.filter((verdict) => verdict.role === 'promise' && verdict.status === 'pass').length
  if (status === 'pass') return `${begin} ${count(kept, 'objective')} kept`
  const worst = troublesOf(report)[0]?.verdicts[0]
  if (!worst) return `${begin} ${run.health.disturbances[0]?.message ?? nothing(report)}`
  const runbook = worst.runbook ?? worst.failure?.runbook
  return `${begin} ${nameOf(worst, report)}, ${causeOf(worst, report)}${runbook ? ` → runbook "${runbook}"` : ''}`
}

function nothing({verdicts}: Report): string {
  return verdicts.length === 0 ? 'nothing was checked' : 'nothing could be tried'
}

/** The last line: the verdict with the counts of all that decided. */
export function bottomLine({status, verdicts: all, checks, run}: Report): string {
  const verdicts = all.filter(({role}) => role === 'promise')
  const counts = statuses
    .map((one) => ({one, number: verdicts.filter((verdict) => verdict.status === one).length}))
    .filter(({number}) => number > 0)
    .map(({one, number}) => `${number} ${one}`)
  const objectives = count(verdicts.length, 'objective')
  const what = checks.length > 0 ? `${objectives} on ${count(checks.length, 'check')}` : objectives
  return `verdict: ${status} (${[what, ...counts].join(', ')}) in ${formatMs(run.durationMs)}`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
