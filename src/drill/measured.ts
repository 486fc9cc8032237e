import type {Tally} from '../core/tally.ts'

export type Ranges = Readonly<Record<string, readonly [low: number, high: number]>>

/** What a load measured, whatever made it, by the names of `measures` with a tag where there is one (`name{phase:steady}`). */
export interface Measured {
  /** Undefined where nothing of that name was counted, which is a bug and no zero. */
  rate(name: string): Tally | undefined
  counter(name: string): number
  /** Statistics by their names ("p(95)", "max"); undefined without a sample. */
  trend(name: string): Readonly<Record<string, number>> | undefined
  /** Where several runners measured it: the lowest and the highest of each statistic. */
  ranges?(name: string): Ranges | undefined
}
