import type {ComparisonCriteria} from '../core/drill-comparison.ts'
import {usualCriteria} from '../drill/compare/compare.ts'
import {percentFlag} from './percent-flag.ts'

const comparison = {helpGroup: 'COMPARISON'} as const

/** What is called a regression. */
export const criteriaFlags = {
  'max-regression': percentFlag({
    ...comparison,
    default: usualCriteria.maxRegression,
    defaultHelp: () => Promise.resolve('10%'),
    summary: 'how much slower a quantile may become, of what it was',
  }),
  'max-drop': percentFlag({
    ...comparison,
    default: usualCriteria.maxDrop,
    defaultHelp: () => Promise.resolve('0.1%'),
    summary: 'how many percentage points the share of good events may fall',
  }),
}

export function criteriaOf(flags: {
  readonly 'max-regression': number
  readonly 'max-drop': number
}): ComparisonCriteria {
  return {maxRegression: flags['max-regression'], maxDrop: flags['max-drop']}
}
