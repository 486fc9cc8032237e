import type {DrillComparison, Outcome} from '../core/drill-comparison.ts'
import {changeText, figureText, intervalText} from './change.ts'
import {percent, points} from './share.ts'

export const comparisonHead = ['objective', 'figure', 'baseline', 'now', 'change', 'outcome'] as const

const words: Readonly<Record<Outcome, string>> = {
  regression: 'REGRESSION',
  unknown: 'unknown',
  improvement: 'improvement',
  small: 'within the criteria',
  noise: 'within noise',
}

/** Every change in cells, each figure with its 95 % interval. */
export function comparisonCells({changes}: DrillComparison): string[][] {
  return changes.map((change) => {
    const {title, source, label, before, after, outcome, why} = change
    const cell = (figure: typeof before) => {
      const interval = intervalText(figure, change)
      return `${figureText(figure.value, change)}${interval === '' ? '' : ` (${interval})`}`
    }
    const said = why === undefined ? words[outcome] : `${words[outcome]}: ${why}`
    return [
      source === 'drill' ? title : `${title} (${source})`,
      label,
      cell(before),
      cell(after),
      changeText(change),
      said,
    ]
  })
}

/** What came out, in a line, and what else was different. */
export function comparisonLines({baseline, changes, outcome, criteria, notes}: DrillComparison): string[] {
  const count = (kind: Outcome) => changes.filter((change) => change.outcome === kind).length
  const counts = (Object.keys(words) as Outcome[])
    .filter((kind) => count(kind) > 0)
    .map((kind) => `${count(kind)} ${words[kind]}`)
  return [
    `against ${baseline.folder} (${new Date(baseline.startedAt).toISOString()}, ${baseline.status}): ${words[outcome]} (${counts.join(', ')})`,
    `criteria: quantiles at most ${percent(criteria.maxRegression)} slower, shares at most ${points(criteria.maxDrop)} lower, where the 95 % intervals tell the two apart`,
    ...notes.map((note) => `note: ${note}`),
  ]
}
