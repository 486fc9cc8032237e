import {z} from 'zod'
import {LONGEST_TIMER_MS, parseDuration} from '../core/duration.ts'
import {SHORTEST_MS} from './shortest-pace.ts'

const expected = ({input}: {input?: unknown}) =>
  `expected a duration such as "500ms", "5s" or "1m30s", got ${JSON.stringify(input)}`

/** A duration in a dialect, from 10 ms: "500ms", or a plain number of milliseconds, which is what it parses to. */
export function pace(): z.ZodType<number, string | number> {
  return z.union([z.number(), z.string()], {error: expected}).transform((value, context) => {
    const ms = typeof value === 'number' ? value : parseDuration(value)
    if (ms !== null && ms >= SHORTEST_MS && ms <= LONGEST_TIMER_MS) return ms
    const message = ms === null ? expected({input: value}) : 'expected a duration from 10ms to 24d'
    context.addIssue({code: 'custom', message})
    return z.NEVER
  })
}
