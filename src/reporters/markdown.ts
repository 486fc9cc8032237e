import {formatMs} from '../core/duration.ts'
import type {Report} from '../core/report.ts'
import type {CheckedVerdict} from '../core/verdict.ts'
import {comparisonCells, comparisonHead} from './comparison-lines.ts'
import {drillLines} from './drill-lines.ts'
import {measured} from './measured.ts'
import {printable} from './printable.ts'
import type {Reporter} from './reporter.ts'

/** For a pull request, a ticket or a wiki: the verdict, every objective in a table, and what a drill adds. */
export const markdown: Reporter = (report) => {
  const clean = printable(report)
  const {status, run, verdicts, drill} = clean
  return [
    `# ${run.profile}: ${status}`,
    `${run.instance} from ${run.location}, ${new Date(run.startedAt).toISOString()}, ${formatMs(run.durationMs)}, probe ${run.version}.`,
    tableOf(verdicts),
    ...(drill
      ? [
          '## Drill',
          drillLines(clean, drill)
            .map((line) => `- ${escaped(line)}`)
            .join('\n'),
          ...(drill.comparison
            ? ['## Against the baseline', rowsOf(comparisonHead, comparisonCells(drill.comparison))]
            : []),
        ]
      : []),
    ...runbooks(clean),
  ].join('\n\n')
}

function tableOf(verdicts: readonly CheckedVerdict[]): string {
  const rows = verdicts.map((verdict) => [
    verdict.title,
    verdict.source,
    verdict.target,
    verdict.status,
    measured(verdict) + (verdict.why === undefined ? '' : ` (${verdict.why})`),
    String(Math.max(0, ...verdict.bounds.map(({tally}) => tally.total))),
  ])
  return rowsOf(head, rows)
}

function rowsOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(escaped).join(' | ')} |`).join('\n')
}

const head = ['objective', 'source', 'target', 'verdict', 'measured against promised', 'samples']

function runbooks({runbooks: known}: Report): string[] {
  const entries = Object.values(known)
  if (entries.length === 0) return []
  const sections = entries.map(({title, investigation, resolution}) => {
    const steps = [...investigation, ...resolution].map(
      ({when, step, command}) =>
        `- ${escaped(when === undefined ? step : `${when}: ${step}`)}${command === undefined ? '' : `: \`${command}\``}`,
    )
    return [`### ${escaped(title)}`, steps.join('\n')].join('\n\n')
  })
  return ['## Runbooks', ...sections]
}

/** What a target or a document says is text, not markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|]/g, '\\$&')
}
