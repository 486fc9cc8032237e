import {z} from 'zod'
import {parseDuration} from '../core/duration.ts'

const expected = ({input}: {input?: unknown}) =>
  `expected a duration such as "500ms", "5s" or "1m30s", got ${JSON.stringify(input)}`

/** A duration in an option: "500ms", "5s", or a plain number of milliseconds. Parses to milliseconds. */
export function duration(): z.ZodType<number, string | number> {
  return z.union([z.number().min(0, {error: expected}), z.string()], {error: expected}).transform((value, context) => {
    const ms = typeof value === 'number' ? value : parseDuration(value)
    if (ms !== null) return ms
    context.addIssue({code: 'custom', message: expected({input: value})})
    return z.NEVER
  })
}
