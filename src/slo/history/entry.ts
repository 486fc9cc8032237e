import {z} from 'zod'
import type {Report} from '../../core/report.ts'

/** One run in a line of the history: of every promise that was measured, what was counted against its target. */
export const entrySchema = z.object({
  schema: z.literal(1),
  id: z.string(),
  /** Epoch milliseconds. */
  at: z.number(),
  profile: z.string(),
  instance: z.string(),
  location: z.string(),
  tallies: z.array(
    z.object({
      objective: z.string(),
      target: z.string(),
      good: z.number().min(0),
      total: z.number().min(0),
      min: z.number().optional(),
      max: z.number().optional(),
      strict: z.boolean().optional(),
    }),
  ),
})

export type HistoryEntry = z.output<typeof entrySchema>

/** What a run adds to the history. What could not be measured is not in it: it is neither good nor bad. */
export function entryOf({run, verdicts}: Report): HistoryEntry {
  const {id, startedAt, profile, instance, location} = run
  return {
    schema: 1,
    id,
    at: startedAt,
    profile,
    instance,
    location,
    tallies: verdicts
      .filter(({role, status}) => role === 'promise' && status !== 'inconclusive' && status !== 'skipped')
      .flatMap(({objective, target, bounds}) =>
        bounds
          .filter(({level, tally}) => level === 'target' && tally.total > 0)
          .map(({min, max, strict, tally: {good, total}}) => ({
            objective,
            target,
            good,
            total,
            ...(min !== undefined && {min}),
            ...(max !== undefined && {max}),
            ...(strict && {strict}),
          })),
      ),
  }
}
