import * as Flags from '@oclif/core/flags'
import {reporterNames} from '../reporters/index.ts'

/** How a report is printed, and what its verdicts are worth. */
export const reportFlags = {
  format: Flags.option({options: reporterNames, default: 'table' as const})({
    char: 'f',
    helpGroup: 'OUTPUT',
    summary: 'how to print the report',
  }),
  strict: Flags.boolean({helpGroup: 'VERDICT', summary: 'too few events make a verdict inconclusive'}),
  'fail-on': Flags.option({options: ['degraded', 'fail'] as const, default: 'degraded' as const})({
    helpGroup: 'VERDICT',
    summary: 'the least grave verdict that exits 1',
  }),
}
