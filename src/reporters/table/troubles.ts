import type {Report} from '../../core/report.ts'
import type {CheckedVerdict} from '../../core/verdict.ts'
import {measured} from '../measured.ts'
import {brokenLayer, nameOf, verdictsInOrder} from './rows.ts'

const LONGEST_MESSAGE = 500

/** A cause with all verdicts that it explains: a refused port is one trouble, however many objectives it breaks. */
export interface Trouble {
  readonly verdicts: readonly CheckedVerdict[]
  readonly lines: readonly string[]
}

/**
 * What is to be told about every verdict that decides and is neither a pass nor a skip, the worst first. A disturbed
 * prober is told once, not once a verdict.
 */
export function troublesOf(report: Report): Trouble[] {
  const disturbed = report.run.health.disturbances.map(({message}) => message)
  const bad = verdictsInOrder(report).filter(
    ({role, status, why = ''}) =>
      role === 'promise' && status !== 'pass' && status !== 'skipped' && !disturbed.includes(why),
  )
  const byCause = Map.groupBy(bad, (verdict) => JSON.stringify([nameOf(verdict, report), causeOf(verdict, report)]))
  return [...byCause.values()].map((verdicts) => ({verdicts, lines: linesOf(verdicts, report)}))
}

/** Why there is no verdict, else the failure's own words with the layer, else by how much the promise was missed. */
export function causeOf(verdict: CheckedVerdict, report: Report): string {
  const {failure, status, why, title} = verdict
  if (status === 'inconclusive' && why) return short(why)
  if (failure) return `${brokenLayer(verdict, report)} (${failure.phase}): ${short(failure.message)}`
  return `${title} ${measured(verdict)}`
}

function linesOf(verdicts: readonly CheckedVerdict[], report: Report): string[] {
  const [first] = verdicts
  if (!first) return []
  const {target, failure} = first
  const objectives = verdicts.map(({title, status}) => `${title} (${status})`).join(', ')
  return [
    `${nameOf(first, report).replace(` @ ${target}`, '')} @ ${target}`,
    `  cause:   ${causeOf(first, report)}`,
    ...(failure?.hint ? [`  hint:    ${short(failure.hint)}`] : []),
    ...unique(verdicts.map(({runbook, failure: own}) => runbook ?? own?.runbook)).map((name) => `  runbook: ${name}`),
    `  missed:  ${objectives}`,
    ...unique(verdicts.map(({assumed}) => assumed)).map((reason) => `  assumed: ${reason}`),
  ]
}

function unique(values: readonly (string | undefined)[]): string[] {
  return [...new Set(values)].filter((value) => value !== undefined)
}

function short(text: string): string {
  return text.length > LONGEST_MESSAGE ? `${text.slice(0, LONGEST_MESSAGE)}…` : text
}
