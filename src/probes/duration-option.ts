import {z} from 'zod'
import {LONGEST_TIMER_MS, parseDuration} from '../core/duration.ts'

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

/** A duration that is waited for. What may take no time at all cannot be done: a limit is 1 ms or more. */
export function timer(shortestMs: 0 | 1 = 1): z.ZodType<number, string | number> {
  return duration().refine((ms) => ms >= shortestMs && ms <= LONGEST_TIMER_MS, {
    error: `expected a duration from ${shortestMs === 0 ? '0' : '1ms'} to 24d`,
  })
}
