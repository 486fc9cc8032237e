import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'

/** "10%" as 0.1. */
export const percentFlag = Flags.custom<number>({
  helpValue: 'PERCENT',
  parse(text, _context, {name}) {
    const [, digits] = /^(\d+(?:\.\d+)?)\s?%$/.exec(text) ?? []
    if (digits === undefined) throw new UserError(`--${name}: expected a percentage like 10%, got "${text}"`)
    return Promise.resolve(Number(digits) / 100)
  },
})
