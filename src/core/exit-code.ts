import type {Outcome} from './drill-comparison.ts'
import type {Report} from './report.ts'
import type {Status} from './status.ts'

/** The exit codes of every command, in order of precedence. 130 and 143 are those of SIGINT and SIGTERM. */
export const exitCodes = {
  interrupted: 130,
  terminated: 143,
  usage: 2,
  missed: 1,
  inconclusive: 3,
  notExported: 4,
  met: 0,
} as const

export type FailOn = 'degraded' | 'fail'

/** What a finished run exits with. `failOn: 'fail'` lets a missed target through and stops at a crossed alert. */
export function exitCodeOf({status, exports}: Pick<Report, 'status' | 'exports'>, failOn: FailOn = 'degraded'): number {
  const verdict = codeOf(status, failOn)
  if (verdict !== exitCodes.met) return verdict
  return exports.some(({ok, required}) => required && !ok) ? exitCodes.notExported : exitCodes.met
}

/** What a drill exits with: a regression is worse than not to know, and both are worse than a promise that was kept. */
export function drillCode(report: Report, failOn: FailOn): number {
  const verdict = exitCodeOf(report, failOn)
  const comparison = report.drill?.comparison
  const codes = [verdict, ...(comparison ? [comparisonCode(comparison.outcome)] : [])]
  return [exitCodes.missed, exitCodes.inconclusive].find((code) => codes.includes(code)) ?? verdict
}

/** What a comparison with an earlier drill exits with. */
export function comparisonCode(outcome: Outcome): number {
  if (outcome === 'regression') return exitCodes.missed
  return outcome === 'unknown' ? exitCodes.inconclusive : exitCodes.met
}

function codeOf(status: Status, failOn: FailOn): number {
  switch (status) {
    case 'fail':
      return exitCodes.missed
    case 'degraded':
      return failOn === 'degraded' ? exitCodes.missed : exitCodes.met
    case 'pass':
      return exitCodes.met
    case 'inconclusive':
    case 'skipped':
      return exitCodes.inconclusive
  }
}

/**
 * The same for Nagios: 0 OK, 1 WARNING, 2 CRITICAL, 3 UNKNOWN. A required export that failed is a warning, for the
 * convention has no fifth code. Usage errors are 3 there.
 */
export function nagiosCode({status, exports}: Pick<Report, 'status' | 'exports'>): 0 | 1 | 2 | 3 {
  switch (status) {
    case 'fail':
      return 2
    case 'degraded':
      return 1
    case 'pass':
      return exports.some(({ok, required}) => required && !ok) ? 1 : 0
    case 'inconclusive':
    case 'skipped':
      return 3
  }
}
