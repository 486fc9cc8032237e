import {UserError} from '../core/errors.ts'

/** What a peak can be a peak of, by the names that profiles use. */
export const dimensions = [
  'connections',
  'connects_per_second',
  'messages_per_second',
  'requests_per_second',
  'vus',
  'relayed_calls',
] as const
export type Dimension = (typeof dimensions)[number]

/** One peak, and who says so: "documented", "given", "seen 2026-10-03T17:20:00Z". */
export interface Amount {
  readonly value: number
  readonly source: string
}

export type Peak = Readonly<Partial<Record<Dimension, Amount>>>

/** The part of a profile that says how much load its system is made for. */
export type DocumentedPeak = Readonly<Partial<Record<Dimension | 'sessions', number | undefined>>>

/** One session is one socket. */
export function documentedPeak({sessions, ...documented}: DocumentedPeak): Peak {
  const found = {...(sessions !== undefined && {connections: sessions}), ...documented}
  return Object.fromEntries(
    dimensions.flatMap((dimension) => {
      const value = found[dimension]
      return value === undefined ? [] : [[dimension, {value, source: 'documented'}]]
    }),
  )
}

/** Reads "connections=1000" and the like. */
export function givenPeak(texts: readonly string[]): Peak {
  return Object.fromEntries(
    texts.map((text) => {
      const [, name = '', digits = ''] = /^([a-z_]+)=(\d+(?:\.\d+)?)$/.exec(text) ?? []
      const dimension = dimensions.find((one) => one === (name === 'sessions' ? 'connections' : name))
      const value = Number(digits)
      if (!dimension || !(value > 0)) {
        throw new UserError(
          `--peak: expected NAME=NUMBER with one of ${dimensions.join(', ')} and a number above 0, got "${text}"`,
        )
      }
      return [dimension, {value, source: 'given'}]
    }),
  )
}

/** Why a dimension is so much: "1000 (documented) x 2". */
export function product(peak: Peak, dimension: Dimension, factor: number): string {
  const {value, source} = peak[dimension] ?? {value: 0, source: ''}
  return `${value} (${source}) x ${factor}`
}

/** Without a peak there is nothing to size by; guessing one would make the verdict a guess. */
export function missingPeak(profile: string, dimension: Dimension): UserError {
  return new UserError(
    `the profile ${profile} documents no peak of ${dimension}, which this scenario is sized by`,
    `write it to probe.yaml ("peak: {${dimension}: 1000}"), give --peak ${dimension}=1000, or take the highest that was seen: --peak-from prometheus --over 90d`,
  )
}
