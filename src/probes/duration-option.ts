import {z} from 'zod'
import {parseDuration} from '../core/duration.ts'

const EXPECTED = 'expected a duration such as "500ms", "5s" or "1m30s"'

/** A duration in an option: "500ms", "5s", or a plain number of milliseconds. Parses to milliseconds. */
export function duration(): z.ZodType<number, string | number> {
  return z.union([z.number().nonnegative(), z.string()], {error: EXPECTED}).transform((value, context) => {
    const ms = typeof value === 'number' ? value : parseDuration(value)
    if (ms !== null) return ms
    context.addIssue({code: 'custom', message: `${EXPECTED}, got "${value}"`})
    return z.NEVER
  })
}
