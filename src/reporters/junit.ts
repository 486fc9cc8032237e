import type {ExportResult, Report} from '../core/report.ts'
import {subjectOf, type CheckedVerdict} from '../core/verdict.ts'
import {measured} from './measured.ts'
import {printable} from './printable.ts'
import type {Reporter} from './reporter.ts'

interface Case {
  readonly name: string
  readonly className: string
  readonly seconds: number
  readonly outcome?: {
    readonly kind: 'failure' | 'error' | 'skipped'
    readonly type: string
    readonly message: string
    readonly text: string
  }
}

/**
 * A test case an objective. A promise that was not kept is a `failure`; what could not be measured is an `error`, so
 * that nobody reads "we do not know" as "it is broken".
 */
export const junit: Reporter = (report) => {
  const clean = printable(report)
  const cases = casesOf(clean)
  const count = (kind: string) => cases.filter(({outcome}) => outcome?.kind === kind).length
  const totals = {
    tests: cases.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
    time: seconds(clean.run.durationMs),
  }
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${attributes({name: 'probe', ...totals})}>`,
    `  <testsuite${attributes({name: clean.run.profile, ...totals, timestamp: timestamp(clean.run.startedAt), hostname: clean.run.location})}>`,
    ...cases.map(element),
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')
}

function casesOf(report: Report): Case[] {
  const nothing: Case = {
    name: 'objectives',
    className: report.run.profile,
    seconds: 0,
    outcome: {kind: 'error', type: 'inconclusive', message: 'nothing was checked', text: ''},
  }
  const judged = report.verdicts.map((verdict) => caseOf(verdict, report))
  return [...(judged.length > 0 ? judged : [nothing]), ...report.exports.flatMap(exportCase)]
}

function caseOf(verdict: CheckedVerdict, {checks}: Report): Case {
  const attempts = checks
    .filter(({check, target}) => target === verdict.target && verdict.checks.includes(check))
    .flatMap((check) => check.attempts)
  const outcome = outcomeOf(verdict)
  return {
    name: verdict.title,
    className: `${subjectOf(verdict)} ${verdict.target}`,
    seconds: attempts.reduce((sum, {totalMs}) => sum + totalMs, 0) / 1000,
    ...(outcome && {outcome}),
  }
}

function outcomeOf(verdict: CheckedVerdict): Case['outcome'] {
  const {status, role, failure, why = ''} = verdict
  if (status === 'pass') return undefined
  if (status === 'skipped') return {kind: 'skipped', type: status, message: why, text: ''}
  if (role === 'load') {
    return {kind: 'skipped', type: 'load', message: `shows the load, decides nothing: ${measured(verdict)}`, text: ''}
  }
  const runbook = verdict.runbook ?? failure?.runbook
  const text = [
    ...(failure ? [`${failure.phase}: ${failure.message}`] : []),
    ...(failure?.hint ? [`hint: ${failure.hint}`] : []),
    ...(runbook ? [`runbook: ${runbook}`] : []),
    ...(verdict.assumed ? [`assumed: ${verdict.assumed}`] : []),
  ].join('\n')
  if (status === 'inconclusive')
    return {kind: 'error', type: failure?.code ?? status, message: why || 'inconclusive', text}
  return {kind: 'failure', type: failure?.code ?? status, message: measured(verdict), text}
}

function exportCase({sink, ok, required, message = ''}: ExportResult): Case[] {
  if (!required) return []
  const error = {kind: 'error', type: 'not_exported', message, text: ''} as const
  return [{name: `export to ${sink}`, className: 'exports', seconds: 0, ...(!ok && {outcome: error})}]
}

function element({name, className, seconds: time, outcome}: Case): string {
  const open = `    <testcase${attributes({classname: className, name, time: time.toFixed(3)})}`
  if (!outcome) return `${open}/>`
  const {kind, type, message, text} = outcome
  const given = attributes(kind === 'skipped' ? {message} : {message, type})
  const body = text ? `>${escaped(text)}</${kind}>` : '/>'
  return `${open}>\n      <${kind}${given}${body}\n    </testcase>`
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(String(value))}"`)
    .join('')
}

/** `>` too: "]]>" may not stand in text. What XML 1.0 has no characters for is gone before: see `printable`. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[\uFFFE\uFFFF]/g, '\uFFFD')
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(3)
}

/** ISO 8601 without a zone, as the schema of JUnit's reports wants it; it is UTC. */
function timestamp(epochMs: number): string {
  return new Date(epochMs).toISOString().replace(/\.\d+Z$/, '')
}
