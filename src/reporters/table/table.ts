import {formatMs} from '../../core/duration.ts'
import type {ExportResult, Report} from '../../core/report.ts'
import {drillLines} from '../drill-lines.ts'
import {ascii, printable} from '../printable.ts'
import type {Reporter, ReporterOptions} from '../reporter.ts'
import {grid} from './grid.ts'
import {bottomLine, headline} from './headline.ts'
import {paint} from './paint.ts'
import {rowsOf} from './rows.ts'
import {runbookLines} from './runbook-lines.ts'
import {troublesOf} from './troubles.ts'

const head = ['check', 'verdict', 'broke', 'measured against promised', 'samples']

/** For a person: the worst first, what broke and what to do about it, then everything in rows, then the verdict. */
export const table: Reporter = (report, options = {}) => {
  const {unicode = true} = options
  const text = sections(printable(report), options)
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')
  return unicode ? text : ascii(text)
}

function sections(report: Report, {width, color = false, unicode = true}: ReporterOptions): string[][] {
  const painted = color ? paint : (_status: unknown, text: string) => text
  const {status} = report
  const rows = rowsOf(report).map((row) => [
    row.check,
    painted(row.status, row.status === 'pass' || row.status === 'skipped' ? row.status : row.status.toUpperCase()),
    row.broke,
    row.measured,
    row.samples,
  ])
  return [
    [headline(report).replace(/^\S+/, (word) => painted(status, word))],
    rows.length > 0 ? [grid(head, rows, {width, framed: color, unicode})] : [],
    report.drill ? drillLines(report, report.drill) : [],
    ...troublesOf(report).map(({lines}) => [...lines]),
    ...Object.entries(report.runbooks).map(runbookLines),
    report.verdicts.flatMap(({title, target, notes = []}) =>
      notes.map((note) => `note: ${title} @ ${target}: ${note}`),
    ),
    windowLines(report),
    report.run.health.disturbances.map(({message}) => `doubtful: ${message}`),
    report.exports.map(exportLine),
    [bottomLine(report).replace(status, (word) => painted(status, word))],
  ]
}

/** What Prometheus was asked about. */
function windowLines({verdicts}: Report): string[] {
  const asked = verdicts.flatMap(({window}) => window ?? [])
  return [...new Set(asked.map(({from, to}) => `window: ${formatMs(to - from)} up to ${new Date(to).toISOString()}`))]
}

function exportLine({sink, ok, required, samples, message}: ExportResult): string {
  if (ok) return `exported: ${samples} samples to ${sink}`
  return `not exported to ${sink}${required ? ' (required)' : ''}: ${message ?? 'no reason given'}`
}
