import {formatMs} from '../../core/duration.ts'
import type {CheckedVerdict} from '../../core/verdict.ts'
import {percent} from '../share.ts'
import type {Limit} from './chart/chart.ts'

/** What is promised of what goes there and comes back, and of requests. */
export const tripIndicators = ['signaling_rtt', 'turn_echo'] as const
export const requestIndicators = ['health', 'http_request'] as const

/** The limits in milliseconds that were promised of these indicators, each with its name. */
export function limitsOf(verdicts: readonly CheckedVerdict[], indicators: readonly string[]): Limit[] {
  const limits = verdicts
    .filter(({source, indicator, unit}) => source === 'drill' && indicators.includes(indicator) && unit === 'ms')
    .flatMap(({bounds}) =>
      bounds.flatMap(({level, share, max}) => (max === undefined ? [] : [limitOf({level, share, max})])),
    )
  return [...new Map(limits.map((limit) => [limit.label, limit])).values()]
}

function limitOf({level, share, max}: {level: string; share: number; max: number}): Limit {
  const limit = formatMs(max).replace('.0 ', ' ')
  return {at: max, label: `${level}: ${percent(share)} in ${limit}`, short: `${level} ${limit}`}
}
