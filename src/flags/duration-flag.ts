import * as Flags from '@oclif/core/flags'
import {LONGEST_TIMER_MS, parseDuration, promDuration} from '../core/duration.ts'
import {UserError} from '../core/errors.ts'

/** A duration in Prometheus' grammar, as milliseconds: "500ms", "5s", "1m30s". */
export const durationFlag = Flags.custom<number, {min?: number; longest?: number}>({
  helpValue: 'DURATION',
  parse(text, _context, {name, min = 0, longest = LONGEST_TIMER_MS}) {
    const ms = parseDuration(text)
    if (ms === null) throw new UserError(`--${name}: expected a duration like 500ms, 5s or 1m30s, got "${text}"`)
    if (ms < min || ms > longest) {
      const most = promDuration(longest - (longest % 86_400_000))
      throw new UserError(
        `--${name}: expected a duration from ${min === 0 ? '0' : promDuration(min)} to ${most}, got "${text}"`,
      )
    }
    return Promise.resolve(ms)
  },
})
