import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'

const RFC_3339 = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/i

/** An instant as epoch milliseconds: RFC 3339, a date (its beginning in UTC), or Unix time in seconds as Prometheus takes it. */
export const instantFlag = Flags.custom<number>({
  helpValue: 'TIME',
  parse(text, _context, {name}) {
    const ms = /^\d{9,10}(\.\d+)?$/.test(text)
      ? Number(text) * 1000
      : RFC_3339.test(text)
        ? Date.parse(text.replace(' ', 'T'))
        : NaN
    if (!Number.isNaN(ms)) return Promise.resolve(ms)
    throw new UserError(`--${name}: expected a time like 2026-11-26T12:00:00Z or 1795694400, got "${text}"`)
  },
})
