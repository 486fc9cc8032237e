import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'

/** How many attempts; a thousand is a long look, more is load. */
export const countFlag = Flags.custom<number>({
  char: 'n',
  default: 1,
  helpGroup: 'PACE',
  helpValue: 'N',
  summary: 'how many attempts',
  parse(text, _context, {name}) {
    const count = Number(text)
    if (!Number.isInteger(count) || count < 1 || count > 1000) {
      throw new UserError(`--${name}: expected a whole number from 1 to 1000, got "${text}"`)
    }
    return Promise.resolve(count)
  },
})
