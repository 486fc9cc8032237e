import * as Flags from '@oclif/core/flags'
import {parseDuration} from '../core/duration.ts'
import {UserError} from '../core/errors.ts'

/** A duration in Prometheus' grammar, as milliseconds: "500ms", "5s", "1m30s". */
export const durationFlag = Flags.custom<number>({
  helpValue: 'DURATION',
  parse(text, _context, {name}) {
    const ms = parseDuration(text)
    if (ms === null) throw new UserError(`--${name}: expected a duration like 500ms, 5s or 1m30s, got "${text}"`)
    return Promise.resolve(ms)
  },
})
