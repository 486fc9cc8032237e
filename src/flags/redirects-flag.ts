import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'

export const redirectsFlag = Flags.custom<number>({
  helpGroup: 'REQUEST',
  helpValue: 'N',
  default: 0,
  summary: 'how many redirects to follow; without it one is shown',
  parse(text, _context, {name}) {
    const count = Number(text)
    if (/^\d+$/.test(text) && count <= 10) return Promise.resolve(count)
    throw new UserError(`--${name}: expected a whole number from 0 to 10, got "${text}"`)
  },
})
