import {nagiosCode} from '../core/exit-code.ts'
import type {Report} from '../core/report.ts'
import {shareOf} from '../core/stats.ts'
import type {BoundVerdict, CheckedVerdict} from '../core/verdict.ts'
import {ascii, printable} from './printable.ts'
import type {Reporter} from './reporter.ts'
import {headline} from './table/headline.ts'

const words = ['OK', 'WARNING', 'CRITICAL', 'UNKNOWN'] as const

/** One line for Nagios and its kin: the state, what broke, and the figures behind the bar as performance data. */
export const nagios: Reporter = (report) => {
  const clean = printable(report)
  const lost = clean.exports.filter(({ok, required}) => required && !ok)
  const text = [
    headline(clean).replace(/^\S+ +/, ''),
    ...lost.map(({sink, message = ''}) => `not exported to ${sink}: ${message}`),
  ].join('; ')
  const line = `PROBE ${words[nagiosCode(clean)]} - ${ascii(text).replaceAll('|', '/')}`
  const data = figures(clean)
  return data.length > 0 ? `${line} | ${data.join(' ')}` : line
}

function figures(report: Report): string[] {
  const seconds = (report.run.durationMs / 1000).toFixed(3)
  return [...report.verdicts.filter(({status}) => status !== 'skipped').flatMap(figureOf), `'duration'=${seconds}s;;;0`]
}

/** `'label'=value[unit];warn;crit;min;max`: a latency in seconds, everything else as the percentage of good events. */
function figureOf(verdict: CheckedVerdict): string[] {
  const {checks, objective, target, measured, unit, bounds} = verdict
  const label = ascii([...(checks.length > 0 ? [checks.join('+')] : []), objective, target].join(' ')).replace(
    /['=|]/g,
    '_',
  )
  const warn = bounds.find(({level}) => level === 'target')
  const crit = bounds.find(({level}) => level !== 'target')
  if (measured && unit === 'ms') {
    const limit = (bound?: BoundVerdict) => (bound?.max === undefined ? '' : `${bound.max / 1000}`)
    return [`'${label}'=${(measured.value / 1000).toFixed(6)}s;${limit(warn)};${limit(crit)};0`]
  }
  const share = warn ? shareOf(warn.tally) : crit ? shareOf(crit.tally) : null
  if (share === null) return []
  const limit = (bound?: BoundVerdict) => (bound ? `${percentage(bound.share)}:` : '')
  return [`'${label}'=${percentage(share)}%;${limit(warn)};${limit(crit)};0;100`]
}

function percentage(share: number): number {
  return Number((share * 100).toFixed(3))
}
