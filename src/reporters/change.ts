import type {Change, Figure} from '../core/drill-comparison.ts'
import {formatMs} from '../core/duration.ts'
import {finePercentRange, percent} from './share.ts'

/** "12.3 ms", "99.98 %", "no data". */
export function figureText(value: number | null, {figure, unit}: Pick<Change, 'figure' | 'unit'>): string {
  if (value === null) return 'no data'
  if (figure === 'share') return percent(value)
  return unit === 'ms' ? formatMs(value) : `${Math.round(value * 1000) / 1000} ${unit ?? ''}`.trim()
}

/** The 95 % interval: "11.9 ms to 12.8 ms". */
export function intervalText({interval}: Figure, change: Pick<Change, 'figure' | 'unit'>): string {
  if (!interval) return ''
  const [low, high] = interval
  if (change.figure === 'share') return finePercentRange(interval)
  return `${figureText(low, change)} to ${figureText(high, change)}`
}

/** "+12.3 %" of a quantile, "−0.40 points" of a share. */
export function changeText({change, figure}: Pick<Change, 'change' | 'figure'>): string {
  if (change === null) return '–'
  const value = change * 100
  const text = Math.abs(value).toFixed(figure === 'share' ? 2 : 1)
  const sign = Number(text) === 0 ? '±' : value > 0 ? '+' : '−'
  return `${sign}${text} ${figure === 'share' ? 'points' : '%'}`
}
