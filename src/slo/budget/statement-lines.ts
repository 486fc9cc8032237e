import {formatMs} from '../../core/duration.ts'
import type {Spending} from './budget.ts'
import type {Statement, StatementRow} from './statement.ts'

/** The head of a statement's table. */
export const statementHead = [
  'period',
  'allowed',
  'spent',
  'left',
  'spent',
  'burn rate',
  'the longest budget is spent',
] as const

/** A statement in cells: one row a period, times first and events behind them. */
export function statementCells({rows, estimated}: Statement): string[][] {
  const longest = rows.at(-1)?.periodMs ?? 0
  return rows.map((row) => {
    const {budget, periodMs} = row
    if (!budget) return [formatMs(periodMs), '', '', '', '', '', row.why ?? 'nothing is known']
    const amount = (of: keyof Spending) =>
      `${signed(budget.time[of])} (${estimated ? '~' : ''}${rounded(budget.events[of])})`
    return [
      formatMs(periodMs),
      amount('allowed'),
      amount('spent'),
      amount('left'),
      `${rounded(budget.spentShare * 100)} %`,
      `${rounded(budget.burnRate)}x`,
      row.why ?? runsOut(row, longest),
    ]
  })
}

function runsOut({runsOutInMs}: StatementRow, longestMs: number): string {
  if (runsOutInMs === null) return 'never, at this rate'
  if (runsOutInMs === 0) return 'already'
  return runsOutInMs > longestMs ? `not within ${days(longestMs)}` : `in ${days(runsOutInMs)}`
}

function days(ms: number): string {
  return ms >= 2 * 86_400_000 ? `${rounded(ms / 86_400_000)} d` : formatMs(ms)
}

function signed(ms: number): string {
  return ms < 0 ? `-${formatMs(-ms)}` : ms === 0 ? '0' : formatMs(ms)
}

function rounded(value: number): string {
  return String(Math.round(value * 100) / 100)
}
