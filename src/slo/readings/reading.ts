import {z} from 'zod'
import type {AttemptResult} from '../../core/result.ts'

/** What one attempt of the probe `metrics` read. */
export interface Reading {
  /** Epoch milliseconds. */
  readonly at: number
  readonly samples: readonly {
    readonly name: string
    readonly labels: Readonly<Record<string, string>>
    readonly value: number
  }[]
}

const samplesSchema = z.array(
  z.object({name: z.string(), labels: z.record(z.string(), z.string()), value: z.string().transform(Number)}),
)

/** The readings of a check, in order. An attempt that failed may have read something all the same. */
export function readingsOf(attempts: readonly AttemptResult[]): Reading[] {
  return attempts.flatMap(({startedAt, details}) => {
    const samples = samplesSchema.safeParse(details?.samples)
    return samples.success ? [{at: startedAt, samples: samples.data}] : []
  })
}
