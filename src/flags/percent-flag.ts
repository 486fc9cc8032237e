import * as Flags from '@oclif/core/flags'
import {UserError} from '../core/errors.ts'

/** "10%" as 0.1. */
export const percentFlag = flagOf(Infinity, 'a percentage like 10%')

/** The same for a part of a whole. */
export const shareFlag = flagOf(1, 'a percentage from 0% to 100%')

function flagOf(most: number, expected: string): ReturnType<typeof Flags.custom<number>> {
  return Flags.custom<number>({
    helpValue: 'PERCENT',
    parse(text, _context, {name}) {
      const [, digits] = /^(\d+(?:\.\d+)?)\s?%$/.exec(text) ?? []
      const share = Number(digits) / 100
      if (!(share <= most)) throw new UserError(`--${name}: expected ${expected}, got "${text}"`)
      return Promise.resolve(share)
    },
  })
}
